"""What custom commands give nobody: a text that is for others, a count that is lost, a fault."""

from __future__ import annotations

import threading

import pytest

from tests.helpers.aliases import OLGA, Channel
from tests.helpers.patience import eventually
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.stores.custom_commands import CustomCommands
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import editing


@pytest.mark.parametrize("named", ["!secret", '"secret"', "'secret'", "!SECRET"])
def test_an_alias_goes_round_no_role_and_no_rest(channel: Channel, named: str) -> None:
    channel.says("!addcom -ul=admin secret Shh", OLGA)
    channel.says("!addcom -cd=1h slow Slowly")
    channel.says(f"!alias add hush = !custom run {named}")
    assert "Shh" not in channel.says("!hush", "ana")
    channel.says("!alias add any = !custom run $*")
    assert "Shh" not in channel.says(f"!any {named}", "bo")
    assert channel.says("!slow", "ana") == "Slowly"
    assert channel.says(f"!any {named.lower().replace('secret', 'slow')}", "cy") != "Slowly"


@pytest.mark.parametrize(
    ("text", "typed", "said"),
    [
        ("Now <$(time $(1))>", "Moon", "Now <>"),
        ("Now <$(time $(1))>", "../../etc/passwd", "Now <>"),
        ("$(repeat $(1) x) end", "²", "end"),
        ("$(repeat $(1) x) end", "9" * 400, "end"),
        ("$(repeat $(1) x) end", "٣", "x x x end"),
        ("<$(random $(1))>", "a-b", "<>"),
        ("<$(countdown $(1))>", "0001-01-01T00:00:00+14:00", "<0 seconds>"),
        ("<$(countup $(1))>", "9999-12-31T23:59:59-14:00", "<0 seconds>"),
    ],
)
def test_what_is_typed_for_a_variable_breaks_none(
    channel: Channel, text: str, typed: str, said: str
) -> None:
    channel.says(f"!addcom any {text}")
    assert channel.says(f"!any {typed}", "ana") == said


def test_what_cannot_be_repeated_is_not_saved(channel: Channel) -> None:
    assert channel.says("!addcom twice $(repeat ² x)").startswith("Say how often, 20 at most")


def test_nobody_makes_counters_by_typing(channel: Channel) -> None:
    said = channel.says("!addcom any $(count $(1))")
    assert said.startswith("A counter is one word")


def test_what_it_says_is_read_by_those_who_may_use_it(channel: Channel) -> None:
    channel.says("!addcom -ul=moderator secret The code is 1234")
    assert channel.says("!custom list", "ana") == "There are no custom commands for you here."
    channel.says("!addcom hello Hi")
    channel.says("!addcom -ul=owner crown It is in the safe", OLGA)
    for line in ("!custom list", "!custom", "!custom show secret", "!command show secret"):
        assert "1234" not in channel.says(line, "ana"), line
    assert channel.says("!custom", "ana") == "!hello says: Hi."
    mine = "!secret is for moderators only."
    assert channel.says("!custom show secret", "bo") == mine
    assert channel.says("!help secret", "bo") == mine
    assert "1234" in channel.says("!help secret")
    for line in ("list", "show crown", "try crown", "explain crown"):
        assert "safe" not in channel.says(f"!custom {line}"), line
    assert channel.says("!custom show crown", OLGA).endswith("It is in the safe")


def test_one_name_is_not_given_twice_at_once(channel: Channel, owner: Postgres) -> None:
    """Another moderator's command is saved while an alias waits to be."""
    said = list[str]()
    waits = threading.Thread(target=lambda: said.append(channel.says("!alias add hug = Hi")))
    with editing(owner, channel.versions) as edit:
        edit.hold(channel.community)
        waits.start()
        assert eventually(lambda: edit.connection.execute(_WAITING).fetchone())
        made = CustomCommand(name="hug", text="Hug")
        CustomCommands(edit, channel.community).put(made, before=None)
    waits.join()
    assert said[0].startswith("There is a custom command 'hug' already.")


_WAITING = """
    SELECT pid FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""
"""For what this connection holds."""


def test_a_counter_that_others_say_stays_with_them(channel: Channel) -> None:
    channel.says("!addcom death Died $(count) times")
    channel.says("!addcom deaths $(getcount death) so far")
    assert channel.says("!death", "ana") == "Died 1 times"
    channel.says("!custom rename death rip")
    assert channel.says("!rip", "ana") == "Died 2 times"
    assert channel.says("!deaths", "ana") == "2 so far"


def test_a_counter_that_a_text_names_keeps_its_name(channel: Channel) -> None:
    channel.says("!addcom death Died $(count death) times")
    assert channel.says("!death", "ana") == "Died 1 times"
    channel.says("!custom rename death rip")
    assert channel.says("!rip", "ana") == "Died 2 times"


def test_an_alias_follows_a_custom_command_to_its_new_name(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    channel.says("!alias add hey = !hello")
    channel.says("!custom rename hello hi")
    assert channel.says("!hey", "ana") == "Hi"


def test_a_text_of_a_newer_release_stops_no_other_and_stays(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    ours = {"id": channel.community}
    channel.database.write(
        """
        INSERT INTO custom_commands (community_id, name, text, role)
        VALUES (%(id)s, 'later', 'Later $(count)', 'captain')
        """,
        ours,
    )
    counter = (
        "INSERT INTO custom_counters (community_id, counter, counted) VALUES (%(id)s, %(of)s, 7)"
    )
    channel.database.write(counter, ours | {"of": "later"})

    assert channel.says("!editcom hello Hello").startswith("!hello says: Hello")
    assert channel.says("!addcom other Other $(count)").startswith("!other says:")
    assert channel.says("!hello", "ana") == "Hello"
    assert channel.says("!custom rename other more").startswith("other is !more now.")
    of_newer = "'later' was made by a newer release of me: change it when that runs again."
    assert channel.says("!addcom later Mine") == of_newer
    assert channel.says("!custom rename hello later") == of_newer
    taken = "There is a custom command 'later' already."
    assert channel.says("!alias add later = Mine").startswith(taken)
    assert channel.says("!command rename quote later", OLGA).startswith(taken)
    assert channel.says("!delcom more").startswith("Deleted: !more.")
    rows = channel.database.write(
        "SELECT counter, counted FROM custom_counters WHERE community_id = %(id)s", ours
    )
    assert [tuple(row.values()) for row in rows] == [("later", 7)]
