"""The page on which anybody checks a draw, and its record, as a program reads it."""

from __future__ import annotations

import json
from typing import Any

from functions.modules.giveaways import texts
from functions.modules.giveaways.giveaway import Giveaway
from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.script import SCRIPT
from waddlebot_sdk import WebAnswer, WebRequest
from waddlebot_sdk.own_words import in_usual_words

TOKEN_CHARACTERS = 32


def read(request: WebRequest, giveaways: Giveaways) -> WebAnswer:
    """A page; with `.json` behind its address the record, with `.py` the script."""
    token, _, kind = request.path["token"].partition(".")
    found = giveaways.find_by_token(token) if len(token) == TOKEN_CHARACTERS else None
    if found is None or kind not in {"", "json", "py"}:
        return WebAnswer(status=404, text=in_usual_words(texts.no_such_proof()))
    if kind == "py":
        return WebAnswer(text=SCRIPT)
    record = write_record(giveaways, found)
    if kind == "json":
        return WebAnswer(text=json.dumps(record), content_type="application/json")
    return WebAnswer(text=_page(found, record, request.address(f"proof/{token}")))


def write_record(giveaways: Giveaways, found: Giveaway) -> dict[str, Any]:
    """Of people it says nothing but what stands for them; the seed once it is told."""
    entries = giveaways.entries.all_of(found)
    return {
        "giveaway": found.number,
        "prize": found.terms.prize,
        "status": found.status.value,
        "winners": found.terms.winners,
        "weights": dict(found.terms.weights),
        "commitment": found.commitment,
        "seed": found.seed if found.seed_told else None,
        "list": found.list_hash,
        "entries": sorted(
            ({"entry": one.entry, "weight": one.weight} for one in entries if not one.left_out),
            key=lambda one: str(one["entry"]),
        ),
        "left_out": [{"entry": one.entry, "why": one.left_out} for one in entries if one.left_out],
        "drawn": [
            {"entry": one.entry.entry, "outcome": one.outcome.value}
            for one in giveaways.draws.of(found)
        ],
    }


def _page(found: Giveaway, record: dict[str, Any], address: str) -> str:
    seed = record["seed"] or "told once nobody has to claim any more"
    parts = [
        f"Giveaway #{found.number}: {found.terms.prize}",
        f"State: {record['status']}",
        f"Commitment, the seed's SHA-256, said in chat when it began: {record['commitment']}",
        f"Seed: {seed}",
        f"List, the SHA-256 of all entries: {record['list'] or 'made when entries are closed'}",
        *_lines(
            "Drawn, in this order", [f"{one['entry']} {one['outcome']}" for one in record["drawn"]]
        ),
        *_lines(
            "Entries, and how often each counts",
            [f"{one['entry']} {one['weight']}" for one in record["entries"]],
        ),
        *_lines("Left out", [f"{one['entry']} {one['why']}" for one in record["left_out"]]),
        _how_to_check(address),
        SCRIPT,
    ]
    return "\n".join(parts)


def _lines(heading: str, lines: list[str]) -> list[str]:
    return ["", f"{heading} ({len(lines)}):", *lines]


def _how_to_check(address: str) -> str:
    return f"""
Your entry was told to you when you came in, those of the winners in chat. To check the draw on
your own computer, save the record and the lines below, and run them; they need no network:

  curl -o record.json {address}.json
  curl -o check.py {address}.py
  python3 check.py record.json

Entries are ordered by the smallest SHA-256 of "seed:entry:ticket", tickets from 0 on, as many as
the entry counts. The first ones win, the next ones take the place of who did not claim.
"""
