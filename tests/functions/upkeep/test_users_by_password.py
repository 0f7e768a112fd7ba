"""`-c login=secret` and back: users of a PostgreSQL that is as RDS is, behind a front that is too.

A server of its own: whoever enters by tokens there is of a role that all its databases have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg import sql

from functions.modules import HOUSE
from functions.upkeep import migrate_handler
from infra.addresses import DATABASE, MASTER
from infra.rehearsal.emulator import KEYS, REGION
from infra.rehearsal.keys import ProcessKeys
from infra.rehearsal.servers import RehearsalServers
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.keepers import quick_folder
from tests.helpers.secrets_stand_in import UNDER, SecretsManager, secrets_manager
from waddlebot.domain.database_users import APP, OWNER, module_user
from waddlebot.domain.errors import NotLetIn, Unavailable
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.house_secrets import database_password
from waddlebot.runtime.needs import MASTER_URL, PASSWORDS_UNDER
from waddlebot.runtime.resources import Resources

__all__ = ["logging_restored"]  # a fixture

MEMORIES = module_user("memories")
USERS = (APP, *map(module_user, HOUSE))
MIGRATION = "waddlebot-dev-upkeep-migrate"
OF_MIGRATION = ProcessKeys(
    key_id=KEYS["AWS_ACCESS_KEY_ID"],
    secret=KEYS["AWS_SECRET_ACCESS_KEY"],
    session_token=KEYS.get("AWS_SESSION_TOKEN", ""),
    database=frozenset({OWNER, *USERS}),
    valkey=frozenset(),
)
"""One process plays all of them here: its keys open for whom it enters as."""


@pytest.fixture
def rds() -> Iterator[RehearsalServers]:
    with quick_folder("by-password") as folder:
        servers = RehearsalServers(folder / "home", "dev", {MIGRATION: OF_MIGRATION})
        servers.start()
        try:
            yield servers
        finally:
            servers.stop()


@pytest.fixture
def keeper(rds: RehearsalServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManager]:
    """Of secrets; with what RDS keeps there."""
    with secrets_manager() as (made, _):
        for name, value in {**variables(rds), **made.environment(), **KEYS}.items():
            monkeypatch.setenv(name, value)
        told = rds.steered["AWS::RDS::DBInstance"]
        assert isinstance(told, dict)
        made.keep(MASTER=told["secret"])
        yield made


def variables(rds: RehearsalServers) -> dict[str, str]:
    """Of upkeep-migrate, as the stack writes them."""
    return {
        "DATABASE_URL": address(rds, OWNER, "iam"),
        MASTER_URL: f"{address(rds, MASTER, 'secret')}&password={UNDER}MASTER",
        "AWS_REGION": REGION,
        **rds.given,
    }


def address(rds: RehearsalServers, user: str, login: str) -> str:
    return f"postgresql://{user}@{rds.host}:5432/{DATABASE}?login={login}"


def deploy(monkeypatch: pytest.MonkeyPatch, *, login: str) -> dict[str, Any]:
    if login == "secret":
        monkeypatch.setenv(PASSWORDS_UNDER, UNDER)
    else:
        monkeypatch.delenv(PASSWORDS_UNDER, raising=False)
    return migrate_handler.handler({}, AwsContext())


def keep_passwords(keeper: SecretsManager, word: str) -> None:
    for user in USERS:
        value = json.dumps({"username": user, "password": f"{word} of {user}"})
        keeper.keep(**{database_password(user): value})


def forget_passwords(keeper: SecretsManager) -> None:
    """As CloudFormation does it."""
    for user in USERS:
        name = f"{UNDER}{database_password(user)}"
        keeper.client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def enter(rds: RehearsalServers, user: str, login: str, *, whose: str = "") -> str:
    """As a function does; with the password of `whose`. Raises Unavailable."""
    url = address(rds, user, login)
    if login == "secret":
        url += f"&password={UNDER}{database_password(whose or user)}"
    told = {"DATABASE_URL": url, "AWS_REGION": REGION, **rds.given, **KEYS}
    with closing(Resources(Environment(told))) as resources:
        [row] = resources.postgres.write("SELECT current_user AS who")
        return str(row["who"])


def enters(rds: RehearsalServers, user: str, login: str) -> bool:
    try:
        return enter(rds, user, login) == user
    except Unavailable:
        return False


def test_users_enter_by_passwords_and_by_tokens_again_and_none_is_lost(
    rds: RehearsalServers,
    keeper: SecretsManager,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,
) -> None:
    assert logging_restored is None
    deploy(monkeypatch, login="iam")
    before = roles(rds)
    with pytest.raises(Unavailable, match=f"{UNDER}{database_password(APP)} is not there"):
        deploy(monkeypatch, login="secret")
    assert roles(rds) == before, "without all passwords no user changes"
    keep_passwords(keeper, "first")
    for user in USERS:
        assert (enters(rds, user, "iam"), enters(rds, user, "secret")) == (True, False)

    deploy(monkeypatch, login="secret")
    for user in USERS:
        assert (enters(rds, user, "iam"), enters(rds, user, "secret")) == (False, True)
    with pytest.raises(NotLetIn, match="deploy again"):
        enter(rds, APP, "secret", whose=MEMORIES)
    assert enters(rds, OWNER, "iam"), "who makes the passwords has none"
    marks = roles(rds)
    deploy(monkeypatch, login="secret")
    assert roles(rds) == marks, "a second deploy has nothing to do"

    set_own_password(rds, MEMORIES, f"first of {MEMORIES}", "of its own")
    assert not enters(rds, MEMORIES, "secret")
    deploy(monkeypatch, login="secret")
    assert enters(rds, MEMORIES, "secret"), "who changes its own is locked out until a deploy"
    with pytest.raises(psycopg.OperationalError):
        set_own_password(rds, MEMORIES, "of its own", "of its own again")

    forget_passwords(keeper)
    deploy(monkeypatch, login="iam")
    assert roles(rds) == before
    for user in USERS:
        assert enters(rds, user, "iam")

    keep_passwords(keeper, "second")
    deploy(monkeypatch, login="secret")
    for user in USERS:
        assert (enters(rds, user, "iam"), enters(rds, user, "secret")) == (False, True)


def set_own_password(rds: RehearsalServers, user: str, password: str, other: str) -> None:
    """PostgreSQL lets everybody do that."""
    where = {"host": rds.host, "dbname": DATABASE, "user": user, "password": password}
    checked = {"sslmode": "verify-full", "sslrootcert": str(rds.certificates)}
    with psycopg.connect(**where, **checked) as connection:
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(user), other))


def roles(rds: RehearsalServers) -> list[Any]:
    """All of ours: of what, with whose rights, as they were made."""
    with psycopg.connect(rds.urls["DATABASE_URL"]) as connection:
        return connection.execute(
            """
            SELECT rolname, rolcanlogin, shobj_description(oid, 'pg_authid'), array(
                SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid
                ORDER BY 1
            )
            FROM pg_roles WHERE rolname LIKE 'waddlebot%' ORDER BY 1
            """
        ).fetchall()
