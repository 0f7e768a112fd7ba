from __future__ import annotations

from pathlib import Path

import pytest

from local import chromium


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose npm answers as the test writes it; nothing was installed there yet."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return tmp_path / "bin" / "npm"


def answers(npm: Path, script: str) -> None:
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)


def test_another_package_than_the_known_one_is_refused(npm: Path, tmp_path: Path) -> None:
    answers(npm, 'echo other >"$5/sparticuz-chromium.tgz"')
    with pytest.raises(chromium.NoBrowser, match="another package than the one that is known"):
        chromium.install(tmp_path / "tools")
    assert chromium.find(tmp_path / "tools") is None


def test_what_npm_says_is_the_reason(
    npm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers(npm, "echo 'npm error network getaddrinfo' >&2; exit 1")
    assert chromium.main(tmp_path / "tools") == 0
    assert "browser     none: npm error network" in capsys.readouterr().err
