"""What comes of commands and counters that several people use and change at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from functions.communities.text_form import TOML
from tests.helpers.aliases import PLACES, Channel
from tests.helpers.forks import code_of, fork
from tests.helpers.http_doors import says
from tests.helpers.patience import eventually
from tests.helpers.router_doors import ask_door
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.facts import load_facts
from waddlebot.decisions.parts.aliases.deeds import remove_alias, set_alias
from waddlebot.decisions.parts.custom.deeds import change_custom, remove_custom
from waddlebot.decisions.parts.custom.text import COMMAND
from waddlebot.decisions.text import bring_text
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit, editing
from waddlebot_sdk.roles import Role

PROCESSES, LINES_EACH = 5, 10
_WAITING = """
    SELECT pid FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""
"""For what this connection holds."""


@contextmanager
def while_another_changes(
    channel: Channel, owner: Postgres, line: str, who: str = "300000000000000002"
) -> Iterator[tuple[Edit, Asker, list[str]]]:
    """`line` is typed and waits for a change that somebody else makes; then its answer is there."""
    said = list[str]()
    waits = threading.Thread(target=lambda: said.append(channel.says(line, who)))
    asker = Asker.with_key("another", channel.community, Role.OWNER)
    with editing(owner, channel.versions) as edit:
        edit.hold(channel.community)
        waits.start()
        assert eventually(lambda: edit.connection.execute(_WAITING).fetchone())
        yield edit, asker, said
    waits.join()


def undo(said: str) -> str:
    return said.partition("Undo: ")[2]


def test_of_two_who_change_one_command_the_later_undoes_to_the_earlier(
    channel: Channel, owner: Postgres
) -> None:
    channel.says("!addcom hello One")
    line = "!editcom hello Three"
    with while_another_changes(channel, owner, line) as (edit, asker, said):
        change_custom(edit, asker, name="hello", text="Two")
    assert said[0].startswith("!hello says: Three")
    assert channel.says("!hello", "ana") == "Three"
    channel.says(undo(said[0]))
    assert channel.says("!hello", "bo") == "Two"


def test_of_two_who_change_one_alias_the_later_undoes_to_the_earlier(
    channel: Channel, owner: Postgres
) -> None:
    channel.says("!alias add hello = One")
    line = "!alias edit hello = Three"
    with while_another_changes(channel, owner, line) as (edit, asker, said):
        set_alias(edit, asker, name="hello", text="Two")
    assert channel.says("!hello", "ana") == "Three"
    channel.says(undo(said[0]))
    assert channel.says("!hello", "bo") == "Two"


def test_two_who_change_other_things_of_one_command_both_do(
    channel: Channel, owner: Postgres
) -> None:
    channel.says("!addcom hello One")
    with while_another_changes(channel, owner, "!custom rest hello 30s") as (edit, asker, _):
        change_custom(edit, asker, name="hello", text="Two", category="fun")
    shown = "!hello says (rests 30 s, category fun): Two"
    assert channel.says("!custom show hello", "ana") == shown


@pytest.mark.parametrize(
    "line", ["!editcom hello Two", "!delcom hello", "!custom rename hello hi", "!custom off hello"]
)
def test_who_changes_what_another_deletes_is_told(
    channel: Channel, owner: Postgres, line: str
) -> None:
    channel.says("!addcom hello One")
    with while_another_changes(channel, owner, line) as (edit, asker, said):
        remove_custom(edit, asker, name="hello")
    assert said[0].startswith("There is no custom command 'hello'. See !custom list.")
    assert channel.says("!hello", "ana") == ""


Prepared = tuple[str, str, Callable[[Edit, Asker], Any], str]
COUNTING: dict[str, Prepared] = {
    "custom": (
        "!addcom falls $(count)",
        "custom_counters",
        lambda edit, asker: remove_custom(edit, asker, name="falls"),
        "!custom count falls 7",
    ),
    "alias": (
        "!alias add falls = counter: {count}",
        "alias_counters",
        lambda edit, asker: remove_alias(edit, asker, name="falls"),
        "!alias count falls 7",
    ),
}


@pytest.mark.parametrize("kind", sorted(COUNTING))
def test_what_is_used_while_it_is_deleted_counts_and_stays_deleted(
    channel: Channel, owner: Postgres, kind: str
) -> None:
    """Whoever typed it came first; what it counted is there for a day, and no longer."""
    add, table, delete, count = COUNTING[kind]
    channel.says(add)
    channel.says(count)
    assert channel.says("!falls", "ana") == "8"
    said = list[str]()
    waits = threading.Thread(target=lambda: said.append(channel.says("!falls", "bo")))
    with editing(owner, channel.versions) as edit:
        delete(edit, Asker.with_key("another", channel.community, Role.OWNER))
        edit.finish()
        waits.start()
        assert eventually(lambda: edit.connection.execute(_WAITING).fetchone())
    waits.join()
    assert said == ["9"]
    assert channel.says("!falls", "cy") == ""
    rows = owner.write(f"SELECT counted, left_at IS NULL AS stays FROM {table}")  # noqa: S608
    assert [tuple(row.values()) for row in rows] == [(9, False)]
    assert " It counts on from 9." in channel.says(add)
    assert channel.says("!falls", "cy") == "10"


def says_ten_times(process: int) -> None:
    """In a process of its own, with connections of its own."""
    for number in range(LINES_EACH):
        line = says("!falls", entity_id=PLACES["twitch"], user_id=f"p{process}n{number}")
        told = ask_door(line)
        assert told.status == 200, told.body
        assert len(told.texts) == 1, told.body


@pytest.mark.parametrize("add", ["!addcom falls $(count)", "!alias add falls = counter: {count}"])
def test_a_counter_that_fifty_count_at_once_has_counted_fifty(channel: Channel, add: str) -> None:
    channel.says(add)
    processes = [fork(says_ten_times, number) for number in range(PROCESSES)]
    assert [code_of(one) for one in processes] == [0] * PROCESSES
    assert channel.says("!falls", "ana") == str(PROCESSES * LINES_EACH + 1)


def bring_in(edit: Edit, asker: Asker, custom: str) -> None:
    """These are all its custom commands then, and nothing else is changed."""
    facts = load_facts(edit.connection, asker.community)
    others = {key: value for key, value in facts.items() if key[0] is not COMMAND}
    bring_text(edit, asker, text=f"{TOML.write(others)}\n{custom}", form=TOML)


def test_what_is_edited_while_a_text_is_brought_in_stands_on_it(
    channel: Channel, owner: Postgres
) -> None:
    channel.says("!addcom hello One")
    rows = "".join(f'[custom.c{number}]\ntext = "Said {number}"\n' for number in range(20))
    line = "!editcom hello Three"
    with while_another_changes(channel, owner, line) as (edit, asker, said):
        custom = f'[custom.hello]\ntext = "Two"\n{rows}'
        bring_in(edit, asker, custom)
    assert channel.says("!hello", "ana") == "Three"
    assert channel.says("!c19", "ana") == "Said 19"
    channel.says(undo(said[0]))
    assert channel.says("!hello", "bo") == "Two"


def test_a_name_that_a_text_brings_in_is_not_given_twice(channel: Channel, owner: Postgres) -> None:
    text = '[custom.hello]\ntext = "Two"\n'
    with while_another_changes(channel, owner, "!addcom hello Mine") as (edit, asker, said):
        bring_in(edit, asker, text)
    assert said[0].startswith("There is a custom command 'hello' already.")
    with while_another_changes(channel, owner, "!alias add c1 = Mine") as (edit, asker, said):
        bring_in(edit, asker, f'{text}[custom.c1]\ntext = "One"\n')
    assert said[0].startswith("There is a custom command 'c1' already.")
