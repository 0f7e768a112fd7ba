"""Brings rows back from a server as it was then: nobody else has a way to both of them.

Called by `waddlebot aws restore` alone, with a token that the operator made for that server
(docs/decisions/0120).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import msgspec

from waddlebot.domain.database_users import OWNER
from waddlebot.domain.entities import GLOBAL_COMMUNITY
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.entering import address_by_token
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.brought_back import DatabaseThen, bring_back, count_rows
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

log = logging.getLogger(__name__)


class ServerOfThen(msgspec.Struct, frozen=True, kw_only=True):
    """`token` opens it for the owner of the tables; fifteen minutes, so it is not kept.

    `port` is a number of TCP.
    """

    host: str
    token: str
    port: int = 5432
    database: str = "waddlebot"


class AskedBack(msgspec.Struct, frozen=True, kw_only=True):
    """Without `tables` rows are counted, and nothing is brought."""

    server: ServerOfThen
    tables: Sequence[str] = ()
    changed: bool = False


def handler(aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"now": {table: rows}, "then": {table: rows}}`, or `{"came": {table: rows}}`.

    Input: see AskedBack. Raises Refusal and Unavailable, whose sentences are for the operator.
    """
    room_log("upkeep-restore", context)
    asked = msgspec.convert(aws_event, AskedBack)
    environment = Environment.of_process()
    with (
        closing(Resources(environment)) as resources,
        closing(Postgres(_address(asked.server, environment), name="upkeep-restore")) as then,
    ):
        _must_answer(then, asked.server.host)
        return _bring(asked, resources, then) if asked.tables else _compare(resources, then)


def _address(server: ServerOfThen, environment: Environment) -> Any:
    return address_by_token(
        server.host,
        server.port,
        server.database,
        user=OWNER,
        token=server.token,
        environment=environment,
    )


def _must_answer(then: Postgres, host: str) -> None:
    try:
        then.write("SELECT 1")
    except Unavailable as error:
        raise Unavailable(f"the server of then, {host},", error.how) from error


def _compare(resources: Resources, then: Postgres) -> dict[str, Any]:
    with resources.postgres.writer() as here, then.writer() as there:
        return {"now": count_rows(here), "then": count_rows(there)}


def _bring(asked: AskedBack, resources: Resources, then: Postgres) -> dict[str, Any]:
    versions = Versions(resources.cache)
    with editing(resources.postgres, versions) as edit, then.writer() as there:
        came = bring_back(edit.connection, DatabaseThen(there), asked.tables, changed=asked.changed)
        # Whoever keeps rows in memory loads all of them again.
        rows = edit.connection.execute("SELECT id FROM communities").fetchall()
        edit.touch([GLOBAL_COMMUNITY, *(row["id"] for row in rows)])
    log.info("rows brought back", extra={"came": came})
    return {"came": came}
