"""What is counted of what people at the platforms read."""

from __future__ import annotations

import json
from pathlib import Path

from infra.rehearsal.platforms import texts_in


def test_words_are_looked_for_in_what_was_said_and_not_in_ids(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    assert texts_in(feed) == []
    told = [
        {"text": "Ana rolled 4d1: 4", "message_id": "8c3d1f04-0000-4000-8000-000000000000"},
        {"text": None, "kind": "deleted", "message_id": "3d1"},
        {"kind": "typing"},
    ]
    feed.write_text("".join(f"{json.dumps(one)}\n" for one in told) + '{"text": "half a li')
    assert texts_in(feed) == ["Ana rolled 4d1: 4", "", ""]
