"""Texts of custom commands that say what is asked for by itself: quotes, servers, earlier lines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from functions.outside.handler import resources
from tests.helpers.aliases import OLGA, Channel
from tests.helpers.service_stand_in import HOST, Handler, Service, always, serving


@contextmanager
def asked(
    does: Callable[[Handler, int], None], monkeypatch: pytest.MonkeyPatch, *hosts: str
) -> Iterator[Service]:
    """A server that answers for these hosts."""
    with serving(does) as service:
        if resources.cache_info().currsize:
            resources().close()
            resources.cache_clear()
        named = ",".join(f"{host}={service.origin}" for host in hosts or (HOST,))
        monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", named)
        monkeypatch.setattr("functions.outside.fetch_handler.MOST_SECONDS", 10.0)
        yield service


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_a_quote_is_said_as_its_own_command_says_it(channel: Channel) -> None:
    channel.says("!addcom wise Somebody said: $(quote $(1))")
    assert "No quotes yet" in channel.says("!wise", "ana")
    channel.says("!addquote Waddle on! — Ana")
    channel.says("!addquote Small steps. — Olga")
    assert channel.says("!wise 2", "ana") == "Somebody said: #2: Small steps. — Olga"
    assert channel.says("!wise waddle", "bo") == "Somebody said: #1: Waddle on! — Ana"
    assert channel.says("!wise", "cy").startswith("Somebody said: #")
    none = "Somebody said: There is no quote #9. See those there are: !quotes"
    assert channel.says("!wise 9", "ana") == none


def test_quotes_that_are_off_are_said_nowhere(channel: Channel) -> None:
    channel.says("!addcom wise $(quote)")
    channel.says("!command off memories", OLGA)
    assert channel.says("!wise", "ana") == "(quotes are switched off here)"


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_a_server_is_asked_where_an_admin_allowed_it(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.says(f"!addcom joke $(urlfetch https://{HOST}/Joke?of=$(querystring)&n=$(random 1-6))")
    with asked(always(b"Why did the penguin\ncross?"), monkeypatch) as server:
        refused = channel.says("!joke", "ana")
        assert (
            refused
            == f"({HOST} is not allowed here; an admin allows it: !settings set fetch +{HOST})"
        )
        assert not server.seen
        channel.says(f"!settings set fetch {HOST}")  # a moderator is no admin
        assert channel.says("!joke", "ana") == refused
        channel.says(f"!settings set fetch {HOST}", OLGA)
        assert channel.says("!joke a b&c", "ana") == "Why did the penguin cross?"
        [seen] = server.seen
    assert seen.method == "GET"
    assert seen.path.startswith("/Joke?of=a+b%26c&n=")
    assert "ana" not in json.dumps(seen.headers)


def test_the_same_is_not_asked_again_at_once(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.says(f"!settings set fetch {HOST}", OLGA)
    channel.says(f"!addcom joke $(count): $(urlfetch https://{HOST}/)")
    with asked(lambda told, number: told.says(f"joke {number}".encode()), monkeypatch) as server:
        assert channel.says("!joke", "ana") == "1: joke 1"
        assert channel.says("!joke", "bo") == "2: joke 1"
        assert len(server.seen) == 1


def _slowly(told: Handler, _number: int) -> None:
    told.service.released.wait(5)


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (always(b"no", 404), "answers with 404"),
        (always(b"", 302, location="https://127.0.0.1/"), "answers with 302"),
        (always(b"<html>hello</html>"), "answers with a page and no text"),
        (always(b"\xff\xfe"), "answers with a page and no text"),
        (always(b"x" * 3_000), "answers with more than 2,048 bytes"),
    ],
)
def test_what_a_server_does_wrong_is_said_in_its_place(
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    does: Callable[[Handler, int], None],
    why: str,
) -> None:
    channel.says(f"!settings set fetch {HOST}", OLGA)
    channel.says(f"!addcom joke Here: $(urlfetch https://{HOST}/), $(user)")
    with asked(does, monkeypatch):
        assert channel.says("!joke", "ana", username="Ana") == f"Here: ({HOST} {why}), Ana"


def test_a_server_that_hangs_is_left_after_a_second(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.says(f"!settings set fetch {HOST}", OLGA)
    channel.says(f"!addcom joke $(urlfetch https://{HOST}/) · $(urlfetch https://{HOST}/2)")
    with asked(_slowly, monkeypatch):
        monkeypatch.setattr("functions.outside.fetch_handler.MOST_SECONDS", 0.3)
        began = time.monotonic()
        late = f"({HOST} did not answer in time)"
        assert channel.says("!joke", "ana") == f"{late} · {late}"
    assert time.monotonic() - began < 5


def test_no_private_network_is_asked(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    channel.says("!settings set fetch localhost.localdomain 10.0.0.1.nip.example", OLGA)
    assert "a name here, not a number" in channel.says("!settings set fetch 127.0.0.1", OLGA)
    channel.says("!addcom home $(urlfetch https://localhost.localdomain/)")
    with asked(always(b"inside"), monkeypatch, "other.example") as server:
        said = channel.says("!home", "ana")
        assert not server.seen
    assert said in {
        "(localhost.localdomain leads into a private network, where I do not go)",
        "(localhost.localdomain is not reached)",
    }


def test_what_a_refusal_says_to_type_takes_nothing_from_what_was_allowed(channel: Channel) -> None:
    """Nor does its answer show the address that somebody put a key into."""
    channel.says(
        "!settings set fetch a.example.org weather=https://w.example.org/{}?key=s3cret", OLGA
    )
    channel.says("!addcom joke $(urlfetch https://b.example.org/joke)")
    refused = channel.says("!joke", "ana")
    line = refused.partition("an admin allows it: ")[2].removesuffix(")")
    assert line == "!settings set fetch +b.example.org"
    said = channel.says(line, OLGA)
    assert said == (
        "Set: texts of custom commands may ask a.example.org, b.example.org, weather now."
        " Before: a.example.org, weather."
    )
    said = channel.says("!settings set fetch -a.example.org, -weather", OLGA)
    assert "may ask b.example.org now." in said
    assert "may ask no servers now." in channel.says("!settings set fetch -b.example.org", OLGA)
    assert "no name that the open web knows" in channel.says("!settings set fetch +b", OLGA)


def test_a_community_names_who_is_asked_for_the_weather(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.says("!addcom weather $(weather $(query|Oslo))")
    assert channel.says("!weather", "ana").startswith("(nobody is asked for weather here")
    channel.says(f"!settings set fetch +weather=https://{HOST}/{{}}?format=3", OLGA)
    assert "may ask weather" in channel.says("!settings")
    with asked(always(b"Oslo: 3 C"), monkeypatch) as server:
        assert channel.says("!weather", "ana") == "Oslo: 3 C"
        channel.says("!weather São Paulo/../x", "ana")
        assert [one.path for one in server.seen] == [
            "/Oslo?format=3",
            "/S%C3%A3o%20Paulo%2F..%2Fx?format=3",
        ]


EMOTES = {
    "7tvemotes": ("7tv.io", {"emote_set": {"emotes": [{"name": "peepoHi"}, {"id": "x"}]}}),
    "bttvemotes": (
        "api.betterttv.net",
        {"channelEmotes": [{"code": "pondA"}], "sharedEmotes": [{"code": "pondB"}]},
    ),
    "ffzemotes": ("api.frankerfacez.com", {"sets": {"1": {"emoticons": [{"name": "pondC"}]}}}),
}


@pytest.mark.parametrize(
    ("name", "names"),
    [("7tvemotes", "peepoHi"), ("bttvemotes", "pondA pondB"), ("ffzemotes", "pondC")],
)
def test_emotes_of_other_services_by_the_channels_id(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, name: str, names: str
) -> None:
    host, told = EMOTES[name]
    channel.says(f"!addcom emotes $({name})")
    assert f"{host} is not allowed here" in channel.says("!emotes", "ana")
    channel.says(f"!settings set fetch {host}", OLGA)
    with asked(always(json.dumps(told).encode()), monkeypatch, host) as server:
        assert channel.says("!emotes", "ana") == names
        assert server.seen[0].path.endswith("/3000")


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_what_somebody_wrote_before_and_who_wrote_lately(channel: Channel) -> None:
    before = "!addcom before $(user.lastmessage) · $(user.lastseen) · $(channel.chatters)"
    channel.says(before, username="Max")
    channel.says("!addcom whom $(random.chatter)", username="Max")
    first = channel.says("!before", "ana", username="Ana")
    assert first.startswith("(no earlier line is kept here) · (no earlier line is kept here)")
    channel.says("Waddle waddle", "ana", username="Ana")
    again = channel.says("!before", "ana", username="Ana")
    assert again.startswith("Waddle waddle · "), again
    assert channel.says("!whom", "bo", username="Bo") in {"Ana", "Max", "Bo"}


def test_a_preview_asks_nobody(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    channel.says(f"!settings set fetch {HOST}", OLGA)
    channel.says(f"!addcom joke $(urlfetch https://{HOST}/) $(quote) $(uptime) $(user.lastmessage)")
    with asked(always(b"asked"), monkeypatch) as server:
        said = channel.says("!custom try joke")
        assert "(what the server says) (one of the quotes here) 2 hours Hello!" in said, said
        assert not server.seen
