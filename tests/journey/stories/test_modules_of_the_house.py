"""A module of the house that somebody has just written, in a house that runs as for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.helpers.homes import a_home
from tests.helpers.house import running
from tests.helpers.house_modules import add_house_module, copy_tree, python_path
from tests.journey.stories.added import tells_secrets
from tests.journey.stories.conftest import StoryHouse
from waddlebot.domain.database_users import url_of

pytestmark = pytest.mark.xdist_group("houses for one story")


def test_a_module_has_the_secrets_that_it_declares_and_no_others(story: StoryHouse) -> None:
    chat = story.house.chat(on="twitch", channel="1001", viewer="dora")

    assert chat.asks("ana", "!weather", "of-dot-env, of-the-home, nothing of others", within=15)
    assert chat.asks("ana", "!played", "of-radio", within=15)


def test_a_secret_that_nobody_has_set_is_told_to_the_operator_and_in_chat(
    story: StoryHouse,
) -> None:
    assert "moon needs MOON_TOKEN, which nobody has set" in story.terminal

    chat = story.house.chat(on="twitch", channel="1001", viewer="dora")
    assert chat.asks(
        "ana", "!moonrise", "is not set up yet: whoever runs this bot has to set", within=15
    )


def test_a_module_that_was_just_written_enters_the_database_as_itself(story: StoryHouse) -> None:
    at = story.house.database_url
    with psycopg.connect(url_of(at, "waddlebot_songs"), autocommit=True) as songs:
        songs.execute("SELECT title FROM songs")
        for table in ("memories", "api_keys"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                songs.execute(f"TABLE {table}".encode())
    with (
        psycopg.connect(url_of(at, "waddlebot_memories")) as memories,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        memories.execute("SELECT title FROM songs")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """The second start finds the servers of the first."""
    with a_home() as folder:
        yield folder


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_tree(tmp_path / "tree")


def test_a_migration_that_cannot_be_run_is_named_in_postgresqls_words(
    tree: Path, home: Path
) -> None:
    folder = add_house_module(tree, "radio", tells_secrets("radio", "played", "PLAYED_TOKEN"))
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0001_radio.sql").write_text("CREATE TABEL radio (title text);")

    said = refused_start(tree, home)

    assert 'radio\'s migration 0001_radio.sql: syntax error at or near "TABEL"' in said
    assert "make reset helps" not in said
    assert "stackTrace" not in said


def test_a_word_of_two_modules_is_told_with_both(tree: Path, home: Path) -> None:
    add_house_module(tree, "radio", tells_secrets("radio", "quote", "PLAYED_TOKEN"))

    said = refused_start(tree, home)

    assert "'!quote' is declared by memories and radio: one of them has to take" in said
    assert "make reset helps" not in said


def refused_start(tree: Path, home: Path) -> str:
    """What the terminal says of it."""
    with (
        pytest.raises(AssertionError, match="did not come up") as ended,
        running(home, tree=tree, PYTHONPATH=python_path(tree)),
    ):
        pass
    return str(ended.value)
