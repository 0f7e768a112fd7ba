"""Pictures and sounds of a community in its alerts: by name at every door, gone where they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.helpers.alerts import alerts, channel, happens
from tests.helpers.aliases import Channel
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.media_files import ask_upload
from waddlebot.domain.media_files import ReadBack
from waddlebot.stores.media_files import begin_reading, end_reading
from waddlebot.stores.versions import editing

__all__ = ["channel"]  # a fixture
KINDS = {"image/png": "png", "audio/ogg": "ogg"}
SET = "!alerts set raid image tada sound fanfare"


def uploads(channel: Channel, title: str, content_type: str, *, is_read: bool = True) -> str:
    """Where it is served, as the house wrote it anew."""
    now, community = datetime.now(UTC), channel.community
    asker = Asker.of_the_house("tests", community)
    with editing(channel.database, channel.versions) as edit:
        file = ask_upload(edit, asker, title=title, content_type=content_type, size=900, now=now)
        if is_read:
            begin_reading(edit.connection, community, file.id, now)
            found = ReadBack(ending=KINDS[content_type], size=900)
            assert end_reading(edit.connection, community, file.id, found, now)
    return f"/files/{community}/{file.id}.{KINDS[content_type]}"


def files(channel: Channel) -> tuple[str, str]:
    """Of the last alert."""
    last = alerts(channel)[-1]
    return last["image"], last["sound"]


def test_an_alert_has_files_until_they_are_removed(channel: Channel) -> None:
    picture = uploads(channel, "tada", "image/png")
    sound = uploads(channel, "fanfare", "audio/ogg")
    said = channel.says(SET)
    assert said.startswith("raid: “{name} raids with {amount}”, picture tada, sound fanfare.")
    happens(channel, "raid", "Gus", viewers=42)
    assert files(channel) == (picture, sound)
    happens(channel, "follow", "Ana")
    assert files(channel) == ("", "")

    channel.says("!media remove tada")
    happens(channel, "raid", "Hal", viewers=42)
    assert files(channel) == ("", sound)
    assert "picture" not in channel.says("!alerts")
    uploads(channel, "tada", "image/png")  # another one of that name is not what was meant
    happens(channel, "raid", "Ida", viewers=42)
    assert files(channel) == ("", sound)
    assert channel.says("!media remove fanfare") == "fanfare is removed."
    happens(channel, "raid", "Joe", viewers=42)
    assert files(channel) == ("", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("image nothing", "There is no file 'nothing'. All of them: !media"),
        ("sound nothing", "There is no file 'nothing'. All of them: !media"),
        ("sound tada", "'tada' is a picture, and no sound."),
        ("image fanfare", "'fanfare' is a sound, and no picture."),
        ("image waits", "'waits' cannot be shown: Nothing was uploaded yet."),
        ("sound https://example.com/a.mp3", "A sound is a file of this community. All: !media"),
    ],
)
def test_what_is_no_file_of_theirs_is_refused(channel: Channel, typed: str, said: str) -> None:
    uploads(channel, "tada", "image/png")
    uploads(channel, "fanfare", "audio/ogg")
    uploads(channel, "waits", "image/png", is_read=False)
    assert channel.says(f"!alerts set raid {typed}") == said


def test_a_sample_of_an_alert_is_as_the_community_has_it(channel: Channel) -> None:
    picture = uploads(channel, "tada", "image/png")
    sound = uploads(channel, "fanfare", "audio/ogg")
    said = "say {name} comes with {amount}: {message}"
    channel.says(f"!alerts set raid image tada sound fanfare style urgent for 12s {said}")
    assert "A sample of raid" in channel.says("!overlay test raid")
    shown = alerts(channel)[-1]
    assert files(channel) == (picture, sound)
    assert shown["line"].startswith("{name} comes with {amount}: {message}")
    assert (shown["style"], shown["seconds"], shown["amount"]) == ("urgent", 12, "42")
    assert shown["text"]

    channel.says("!alerts set raid from 1000 say A storm of {amount}")
    channel.says("!alerts reset raid from 0")
    channel.says("!overlay test raid")  # the rule that there is, by an amount that it holds
    assert (alerts(channel)[-1]["line"], alerts(channel)[-1]["amount"]) == (
        "A storm of {amount} (a test)",
        "1000",
    )
    channel.says("!overlay test follow")
    assert alerts(channel)[-1]["line"] == "{name} follows (a test)"


def test_of_what_is_switched_off_there_is_no_sample_and_a_sentence_says_so(
    channel: Channel,
) -> None:
    channel.says("!alerts off join")
    said = channel.says("!overlay test join")
    assert said == "A join is not shown here: it is switched off. Again: !alerts on join"
    channel.says("!alerts off cheer on discord")
    assert "A sample of cheer" in channel.says("!overlay test cheer")
