from __future__ import annotations

import pytest

from local.settings import DEFAULT_PORT, LocalSettings, SettingWrong


@pytest.mark.parametrize("text", ["abc", "0", "-1", "65536", "80 80", "²", "8000.0"])
def test_what_is_no_port_is_refused_with_a_way_out(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(SettingWrong, match=r"is no port; say for example PORT=8001 make run"):
        LocalSettings.read()


@pytest.mark.parametrize(("text", "port"), [("", DEFAULT_PORT), ("1", 1), ("65535", 65_535)])
def test_a_port_is_read_from_the_environment(
    text: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", text)
    assert LocalSettings.read().port == port
