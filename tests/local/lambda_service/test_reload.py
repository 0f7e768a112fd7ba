"""An edit serves the next event, whatever else stands in the tree that is worked on."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running_functions import Running, Start, a_function

from tests.helpers.patience import eventually

PATIENCE_SECONDS = 15.0


def link_to_itself(folder: Path) -> None:
    (folder / "loop").symlink_to(".", target_is_directory=True)


def file_that_is_its_own_link(folder: Path) -> None:
    (folder / "ring.py").symlink_to("ring.py")


def file_dated_tomorrow(folder: Path) -> None:
    (folder / "later.py").touch()
    tomorrow = time.time() + 86_400
    os.utime(folder / "later.py", (tomorrow, tomorrow))


STRANGE_THINGS = [link_to_itself, file_that_is_its_own_link, file_dated_tomorrow]


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    words = tmp_path / "layer" / "words"
    words.mkdir(parents=True)
    (words / "greetings.py").write_text("WORD = 'hello'")
    task = tmp_path / "task" / "greeting"
    task.mkdir(parents=True)
    (task / "handler.py").write_text(
        "from words.greetings import WORD\ndef handler(event, context): return WORD"
    )
    return words


def greeting(start: Start, layer: Path) -> Running:
    path = (layer.parents[1] / "task", layer.parent)
    function = a_function("greet", handler="greeting.handler.handler", python_path=path)
    return start(function, reload=True, preload=lambda: ["words.greetings"])


def greet(running: Running) -> str:
    answer = running.loop.run(running.service.invoke("greet", b"null"))
    assert answer.function_error is None, answer.payload
    return str(json.loads(answer.payload))


@pytest.mark.parametrize("strange", STRANGE_THINGS)
def test_an_edit_is_noticed_beside_whatever_stands_in_the_tree(
    start: Start, layer: Path, strange: Callable[[Path], None]
) -> None:
    strange(layer)
    running = greeting(start, layer)
    assert greet(running) == "hello"
    (layer / "greetings.py").write_text("WORD = 'good evening'")
    assert eventually(lambda: greet(running) == "good evening", within=PATIENCE_SECONDS)


@pytest.mark.parametrize("strange", STRANGE_THINGS)
def test_no_call_fails_for_what_comes_into_the_tree(
    start: Start, layer: Path, strange: Callable[[Path], None]
) -> None:
    running = greeting(start, layer)
    assert greet(running) == "hello"
    strange(layer)
    (layer / "greetings.py").write_text("WORD = 'good night'")
    assert eventually(lambda: greet(running) == "good night", within=PATIENCE_SECONDS)


def test_a_file_put_back_with_its_old_date_serves_the_next_event(start: Start, layer: Path) -> None:
    source = layer / "greetings.py"
    running = greeting(start, layer)
    assert greet(running) == "hello"
    long_ago = source.stat().st_mtime - 86_400
    source.write_text("WORD = 'as it was'")
    os.utime(source, (long_ago, long_ago))
    assert eventually(lambda: greet(running) == "as it was", within=PATIENCE_SECONDS)
