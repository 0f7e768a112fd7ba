from __future__ import annotations

import pytest

from local.bootstrap import SetupFailed, call, check_python, main


@pytest.mark.parametrize("version", [(3, 10, 14), (3, 8, 0), (2, 7, 18)])
def test_an_older_python_is_named_with_the_way_to_another(version: tuple[int, int, int]) -> None:
    numbers = r"\.".join(map(str, version))
    words = rf"needs Python 3\.11 or newer, this is {numbers}\.\n.*make run PYTHON=python3\.13"
    with pytest.raises(SetupFailed, match=words):
        check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 13, 1), (4, 0, 0)])
def test_a_newer_python_will_do(version: tuple[int, int, int]) -> None:
    check_python(version)


def test_a_step_that_fails_is_quoted_with_what_it_may_be_and_that_make_goes_on() -> None:
    script = "echo 'could not resolve host'; exit 2"
    with pytest.raises(SetupFailed) as failed:
        call("sh", "-c", script)
    said = str(failed.value)
    assert said.startswith("could not resolve host\n\nSetting up failed at: sh -c echo")
    assert "Is the network there, and is the disk not full? (" in said
    assert said.endswith("MB free). Then run make again; it goes on from here.")


def test_an_unknown_level_is_answered_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["everything"]) == 2
    assert "usage: python3 local/bootstrap.py run|test|synth" in capsys.readouterr().err
