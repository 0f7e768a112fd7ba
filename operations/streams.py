"""`waddlebot streams`: what waits, since when, who reads, and whether there is room."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from typing import Any

from operations.api import Api
from operations.speaking import add_common, counted, plain, run, seconds, show_json, table

Wire = dict[str, Any]

_HEAD = ("PARTITION", "STREAM", "WAITING", "PENDING", "OLDEST", "CONSUMERS")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="waddlebot streams", description="What waits, since when, and who reads it."
    )
    add_common(parser)
    asked = parser.parse_args(argv)
    return run(partial(_streams, as_json=asked.json), asked.url)


def _streams(api: Api, *, as_json: bool) -> int:
    told = api.get("streams")
    if as_json:
        show_json(told)
    else:
        rows = [row for partition in told["partitions"] for row in _rows(partition)]
        print(table(_HEAD, rows), "", *map(plain, _sentences(told)), sep="\n")
    return 0


def _rows(partition: Wire) -> Iterator[tuple[Any, ...]]:
    for name in ("events", "replies"):
        stream = partition[name]
        oldest = stream["oldest_seconds"]
        yield (
            partition["number"],
            name,
            stream["waiting"],
            stream["pending"],
            "-" if oldest is None else seconds(oldest),
            len(stream["consumers"]),
        )


def _sentences(told: Wire) -> Iterator[str]:
    yield f"Memory: {_memory(told['memory'])}."
    letters = sum(one["dead_letters"] for one in told["partitions"])
    doubts = sum(one["replies_in_doubt"] for one in told["partitions"])
    if letters or doubts:
        them = f"{counted(letters, 'dead letter')}, {counted(doubts, 'reply', 'replies')} in doubt"
        yield f"{them}: see `waddlebot dlq list`."
    else:
        yield "No dead letters, no replies in doubt."
    if late := sum(one["late_records"] for one in told["partitions"]):
        yield f"The database is behind: {counted(late, 'batch', 'batches')} of the record wait."
    for partition in told["partitions"]:
        yield from _warnings(partition)


def _warnings(partition: Wire) -> Iterator[str]:
    where = f"Partition {partition['number']}"
    if partition["full"]:
        yield f"{where} is full: new events are refused until there is room."
    for name in ("events", "replies"):
        if not partition[name]["consumers"]:
            yield f"{where}: nobody reads its {name}. Does the gateway run?"


def _memory(memory: Wire) -> str:
    used, most = memory["used_bytes"], memory["most_bytes"]
    if not most:
        return f"{_mebibytes(used)} used, without a limit"
    return f"{_mebibytes(used)} of {_mebibytes(most)} used ({100 * used / most:.0f} %)"


def _mebibytes(number: int) -> str:
    return f"{number / 1_048_576:.1f} MiB"
