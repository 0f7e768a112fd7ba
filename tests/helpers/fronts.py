"""Servers as on AWS: behind TLS, for those whom a token lets in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.rehearsal.front import Front, Plan, fronts
from tests.helpers.servers import Urls
from waddlebot.runtime.environment import Environment

REGION = "eu-central-1"
KEY_ID, SECRET, SESSION = "AKIDROLE", "very/secret+role", "session/of+the/role=="
DATABASE_USER, VALKEY_USER = "waddlebot", "waddlebot-dev-app"
GROUP = "waddlebot-dev-streams"
HOLDER = {
    "key_id": KEY_ID,
    "secret": SECRET,
    "session_token": SESSION,
    "users": [DATABASE_USER, VALKEY_USER],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fronted:
    """`variables` are those of a function that is deployed."""

    database: Front
    valkey: Front
    variables: dict[str, str]

    def environment(self, **more: str) -> Environment:
        return Environment({**self.variables, **more})


@contextmanager
def fronted(urls: Urls, *, holder: dict[str, Any] | None = None, **more: Any) -> Iterator[Fronted]:
    """All addresses of a house, of one database and of one Valkey; `more` is of both fronts."""
    plans = [
        Plan(
            kind=kind,
            server=urls[variable],
            region=REGION,
            group=group,
            holders=(holder or HOLDER,),
            **more,
        )
        for kind, variable, group in (
            ("database", "DATABASE_URL", ""),
            ("valkey", "VALKEY_STREAMS_URL", GROUP),
        )
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        fronts(plans, Path(folder)) as ((database, valkey), authority),
    ):
        at_valkey = (
            f"rediss://{VALKEY_USER}@localhost:{valkey.port}"
            f"{urlsplit(urls['VALKEY_STREAMS_URL']).path}?login=iam&name={GROUP}"
        )
        at_database = (
            f"postgresql://{DATABASE_USER}@localhost:{database.port}"
            f"{urlsplit(urls['DATABASE_URL']).path}?login=iam"
        )
        yield Fronted(
            database=database,
            valkey=valkey,
            variables={
                "DATABASE_URL": at_database,
                "DATABASE_REPLICA_URL": at_database,
                "VALKEY_CACHE_URL": at_valkey,
                "VALKEY_LIMITS_URL": at_valkey,
                "VALKEY_STREAMS_URL": at_valkey,
                "AWS_REGION": REGION,
                "AWS_ACCESS_KEY_ID": KEY_ID,
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_SESSION_TOKEN": SESSION,
                "WADDLEBOT_SERVER_CERTIFICATES": str(authority),
            },
        )
