from __future__ import annotations

import pytest

from waddlebot.domain.public_addresses import public_address, wrong_public_url


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ("https://bot.example.org", "https://bot.example.org"),
        ("https://bot.example.org/", "https://bot.example.org"),
        (" HTTPS://Bot.Example.org:8443// ", "https://bot.example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://a1.localhost:4566", "http://a1.localhost:4566"),
    ],
)
def test_an_address_leads_to_a_path_with_one_slash(told: str, base: str) -> None:
    assert wrong_public_url(told) == ""
    assert public_address(told).at("/connect/slack") == f"{base}/connect/slack"


def test_where_none_is_set_the_path_is_all_that_can_be_said() -> None:
    for told in ("", "  "):
        assert wrong_public_url(told) == ""
        assert public_address(told).at("/connect/slack") == "/connect/slack"
        assert not public_address(told).is_set


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("bot.example.org", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("https://", "no web address"),
        ("https://[::1", "no web address"),
        ("https://bot.example.org:99999", "no web address"),
        ("https://bot.example.org/<b>", "no web address"),
        ("https://evil.example\\@bot.example.org", "no web address"),
        ("https://a b.example", "no web address"),
        ("https://me:secret@bot.example.org", "more than a name"),
        ("https://bot.example.org/?key=secret", "more than a name"),
        ("https://bot.example.org/#top", "more than a name"),
        ("https://bot.example.org/bot", "has a path"),
        ("http://bot.example.org", "not encrypted"),
        ("http://192.168.1.5:8000", "not encrypted"),
        ("http://localhost.example.org", "not encrypted"),
    ],
)
def test_what_is_none_is_said_without_its_secrets_and_counts_as_not_set(
    told: str, why: str
) -> None:
    said = wrong_public_url(told)

    assert why in said
    assert said.startswith("WADDLEBOT_PUBLIC_URL, ")
    assert said.endswith("write it as https://bot.example.org.")
    assert "secret" not in said
    assert not public_address(told).is_set


def test_what_only_this_machine_reaches_is_told_apart() -> None:
    assert public_address("https://bot.example.org").is_encrypted
    assert not public_address("http://localhost:8000").is_encrypted
    assert not public_address("").is_encrypted
