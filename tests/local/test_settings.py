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


@pytest.mark.parametrize("text", ["bot.example.org", "http://192.168.1.5", "https://a.example/bot"])
def test_what_is_no_public_address_is_refused_with_how_it_is_written(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WADDLEBOT_PUBLIC_URL", text)
    with pytest.raises(SettingWrong, match=r"write it as https://bot\.example\.org"):
        LocalSettings.read()


@pytest.mark.parametrize("name", ["WADDLEBOT_YOUTUBE_PLAYER", "WADDLEBOT_TWITCH_PLAYER"])
@pytest.mark.parametrize("text", ["player.example.org", "https://a.example/embed", "https://a b"])
def test_what_is_no_origin_of_a_player_is_refused_with_how_it_is_written(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingWrong, match=rf"{name}=.* is no origin; write it as https://"):
        LocalSettings.read()


def test_where_none_is_set_people_find_this_house_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.setenv("WADDLEBOT_PUBLIC_URL", "")
    assert LocalSettings.read().public_url == "http://localhost:8123"
    monkeypatch.setenv("WADDLEBOT_PUBLIC_URL", "https://bot.example.org")
    assert LocalSettings.read().public_url == "https://bot.example.org"
