"""Makes the users of the database and what each may (docs/decisions/0098), each deploy anew.

Only what is not yet so is written: two who do it at once, or every start of one machine, find
nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from waddlebot.domain.database_users import OWNER
from waddlebot.domain.errors import NotLetIn, Unavailable
from waddlebot.stores.addresses import Address
from waddlebot.stores.migrator import take_turn
from waddlebot.stores.postgres import DATABASE, Connection, Postgres

TOKENS = "rds_iam"
"""Of this role on RDS is whoever enters by a token, and by nothing else; elsewhere it is not there.
"""
ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
_MADE = "upkeep-migrate made it: "
_CLOSED = "upkeep-migrate closed it"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUser:
    """`settings` are what its sessions begin with. Without a password it enters by a token."""

    name: str
    password: str = field(default="", repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Stands beside the user in the database, and says whether it is as it should be."""
        made_of = json.dumps([self.name, self.password, dict(self.settings)], sort_keys=True)
        return f"{_MADE}{hashlib.sha256(made_of.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`table` as SQL writes it; one that is not there (any more) is left out."""

    user: str
    table: str
    rights: Sequence[str] = ROWS


def make_owner(postgres: Postgres, master_at: Address | str, password: str) -> bool:
    """As `postgres` the owner enters: where it cannot yet, the master makes it and hands over all
    that is there. Whether that was needed.

    Raises Unavailable: neither is let in, or no server answers.
    """
    is_let_in = True
    try:
        if _owns_all(postgres):
            return False
    except NotLetIn:
        is_let_in = False
    owner = DatabaseUser(name=OWNER, password=password)
    try:
        with (
            closing(Postgres(master_at, name="upkeep-migrate")) as master,
            master.writer() as connection,
        ):
            take_turn(connection)
            if not is_let_in:
                _make_owner(connection, owner)
            _hand_over(connection, owner)
    except NotLetIn as error:
        # Who made a member of rds_iam counts as one: RDS refuses the master's password then.
        how = f"lets in neither {OWNER} nor its master, who makes that user"
        raise Unavailable(DATABASE, f"{how} ({error.how})") from error
    return True


def make_users(
    postgres: Postgres, users: Iterable[DatabaseUser], *, passwords_anew: bool = False
) -> list[str]:
    """As the owner: makes and changes those that are not as they should be, and names them.

    With `passwords_anew` all have theirs again: everybody may change his own, and nobody can see
    whether he did. Raises Unavailable.
    """
    wanted = {user.name: user for user in users}
    with postgres.writer() as connection:
        take_turn(connection)
        known = _marks(connection, list(wanted))
        lifted = _lifted(connection, wanted)
        wrong = [
            user for name, user in wanted.items() if known.get(name) != user.mark or name in lifted
        ]
        tokens = _has_tokens(connection) if wrong else False
        for user in wrong:
            _make(connection, user, is_new=user.name not in known)
            for database in lifted.get(user.name, ()):
                names = sql.Identifier(user.name), sql.Identifier(database)
                _run(connection, "ALTER ROLE {} IN DATABASE {} RESET ALL", *names)
            if tokens:
                # Of that role nobody is let in by a password.
                how = f"REVOKE {TOKENS} FROM {{}}" if user.password else f"GRANT {TOKENS} TO {{}}"
                _run(connection, how, sql.Identifier(user.name))
        for user in wanted.values() if passwords_anew else ():
            _give_password(connection, user)
    return [user.name for user in wrong]


def close_others(postgres: Postgres, users: Iterable[str]) -> list[str]:
    """As the owner: whom it once made, who may do something in this database and is none of these
    any more, is not let in from now on. Names them; their rights wait for them.

    Raises Unavailable.
    """
    with postgres.writer() as connection:
        take_turn(connection)
        rows = connection.execute(_OTHERS, {"mark": f"{_MADE}%", "users": [OWNER, *users]})
        names = [str(row["rolname"]) for row in rows.fetchall()]
        for name in names:
            _run(connection, "ALTER ROLE {} NOLOGIN", sql.Identifier(name))
            _run(connection, "COMMENT ON ROLE {} IS {}", sql.Identifier(name), _CLOSED)
    return names


def grant(postgres: Postgres, grants: Sequence[Grant], *, schemas: Mapping[str, str]) -> list[str]:
    """As the owner: what is missing of these, told as `user: table`. `schemas` by user: it may look
    into that one too. Raises Unavailable.
    """
    with postgres.writer() as connection:
        take_turn(connection)
        for user, schema in schemas.items():
            _let_in(connection, user, schema)
        missing = _missing(connection, grants)
        for row in missing:
            statement = f"GRANT {row['rights']} ON {row['what']} TO {{}}"
            _run(connection, statement, sql.Identifier(row["grantee"]))
    return [f"{row['grantee']}: {row['what']}" for row in missing]


def _owns_all(postgres: Postgres) -> bool:
    [row] = postgres.write(
        """
        SELECT has_database_privilege(datname, 'CREATE')
            AND has_schema_privilege('public', 'CREATE')
            AND NOT EXISTS (
                SELECT FROM pg_class WHERE relowner = datdba AND relkind IN ('r', 'p', 'v')
                    AND oid >= 16384
            ) AS owns
        FROM pg_database WHERE datname = current_database()
        """
    )
    return bool(row["owns"])


def _make_owner(connection: Connection, owner: DatabaseUser) -> None:
    name = sql.Identifier(owner.name)
    _make(connection, owner, is_new=not _marks(connection, [owner.name]))
    # From now on it makes the others: the master is needed once.
    _run(connection, "ALTER ROLE {} CREATEROLE", name)
    if _has_tokens(connection) and not owner.password:
        _run(connection, f"GRANT {TOKENS} TO {{}} WITH ADMIN OPTION", name)
    else:
        # Who looks at one machine's data, or copies it, does so as the master.
        _run(connection, "GRANT {} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE", name)


def _hand_over(connection: Connection, owner: DatabaseUser) -> None:
    name = sql.Identifier(owner.name)
    connection.execute("SET LOCAL lock_timeout = '10s'")
    _run(
        connection, "GRANT CREATE ON DATABASE {} TO {}", sql.Identifier(_database(connection)), name
    )
    _run(connection, "GRANT USAGE, CREATE ON SCHEMA public TO {}", name)
    for row in connection.execute(_OWN).fetchall():
        _run(connection, f"ALTER {row['what']} OWNER TO {{}}", name)


# What the release before made as the master; who takes over what lies in a schema has that first.
# Sequences of identity columns go with their tables.
_OWN = """
    SELECT 'SCHEMA ' || quote_ident(nspname) AS what, 1 AS turn FROM pg_namespace
    WHERE nspowner = current_user::regrole AND oid >= 16384
    UNION ALL
    SELECT CASE relkind WHEN 'v' THEN 'VIEW ' ELSE 'TABLE ' END || oid::regclass, 2
    FROM pg_class
    WHERE relowner = current_user::regrole AND relkind IN ('r', 'p', 'v') AND oid >= 16384
    UNION ALL
    SELECT 'FUNCTION ' || oid::regprocedure, 2 FROM pg_proc
    WHERE proowner = current_user::regrole AND oid >= 16384
    ORDER BY turn
"""

# A column that is no identity takes its numbers from a sequence that has rights of its own.
_MISSING = """
    WITH wanted AS (
        SELECT grantee, to_regclass(relation) AS relation, wish
        FROM jsonb_to_recordset(%(grants)s::jsonb)
            AS one (grantee text, relation text, rights jsonb),
            jsonb_array_elements_text(rights) AS wish
        WHERE to_regclass(relation) IS NOT NULL
    )
    SELECT grantee, 'TABLE ' || relation AS what, string_agg(wish, ', ') AS rights
    FROM wanted WHERE NOT has_table_privilege(grantee, relation, wish)
    GROUP BY grantee, relation
    UNION ALL
    SELECT DISTINCT grantee, 'SEQUENCE ' || sequence.oid::regclass, 'USAGE'
    FROM wanted JOIN pg_attrdef ON adrelid = relation
    JOIN pg_depend ON classid = 'pg_attrdef'::regclass AND objid = pg_attrdef.oid
    JOIN pg_class AS sequence ON sequence.oid = refobjid AND relkind = 'S'
    WHERE wish = 'INSERT' AND NOT has_sequence_privilege(grantee, sequence.oid, 'USAGE')
    ORDER BY 1, 2
"""

# All databases of a server have the same users, and another one of them may still need them.
_OTHERS = """
    SELECT rolname FROM pg_roles
    WHERE rolcanlogin AND rolname <> ALL(%(users)s)
        AND shobj_description(oid, 'pg_authid') LIKE %(mark)s
        AND oid IN (
            SELECT refobjid FROM pg_shdepend
            WHERE refclassid = 'pg_authid'::regclass AND deptype = 'a'
                AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
    ORDER BY rolname
"""


def _missing(connection: Connection, grants: Sequence[Grant]) -> list[dict[str, Any]]:
    asked = [
        {"grantee": one.user, "relation": one.table, "rights": list(one.rights)} for one in grants
    ]
    return connection.execute(_MISSING, {"grants": json.dumps(asked)}).fetchall()


def _let_in(connection: Connection, user: str, schema: str) -> None:
    [row] = connection.execute(
        "SELECT has_schema_privilege(%s, %s, 'USAGE') AS may", (user, schema)
    ).fetchall()
    if not row["may"]:
        names = sql.Identifier(schema), sql.Identifier(user)
        _run(connection, "GRANT USAGE ON SCHEMA {} TO {}", *names)


def _make(connection: Connection, user: DatabaseUser, *, is_new: bool) -> None:
    name = sql.Identifier(user.name)
    _run(connection, f"{'CREATE' if is_new else 'ALTER'} ROLE {{}} LOGIN", name)
    _give_password(connection, user)
    _run(connection, "ALTER ROLE {} RESET ALL", name)
    for setting, value in user.settings.items():
        _run(connection, "ALTER ROLE {} SET {} = {}", name, sql.Identifier(setting), value)
    _run(connection, "COMMENT ON ROLE {} IS {}", name, user.mark)


def _give_password(connection: Connection, user: DatabaseUser) -> None:
    verifier = _verifier(connection, user)
    _run(connection, "ALTER ROLE {} PASSWORD {}", sql.Identifier(user.name), verifier)


def _verifier(connection: Connection, user: DatabaseUser) -> str | None:
    """What the server keeps in place of a password: no log of statements can hold more."""
    if not user.password:
        return None
    names = user.password.encode(), user.name.encode()
    return connection.pgconn.encrypt_password(*names, b"scram-sha-256").decode()


def _marks(connection: Connection, names: Sequence[str]) -> dict[str, str | None]:
    rows = connection.execute(
        """
        SELECT rolname, shobj_description(oid, 'pg_authid') AS mark FROM pg_roles
        WHERE rolname = ANY(%s)
        """,
        (names,),
    )
    return {row["rolname"]: row["mark"] for row in rows}


def _lifted(connection: Connection, users: Mapping[str, DatabaseUser]) -> dict[str, list[str]]:
    """Who begins with other settings than its own, and in which databases with some of these:
    PostgreSQL lets everybody change what his own sessions begin with.
    """
    lifted = {}
    for row in connection.execute(_SETTINGS, (list(users),)).fetchall():
        name, settings = row["rolname"], users[row["rolname"]].settings
        wanted = sorted(f"{setting}={value}" for setting, value in settings.items())
        if row["databases"] or sorted(row["settings"]) != wanted:
            lifted[name] = list(row["databases"])
    return lifted


_SETTINGS = """
    SELECT rolname,
        ARRAY(
            SELECT unnest(setconfig) FROM pg_db_role_setting
            WHERE setrole = pg_roles.oid AND setdatabase = 0
        ) AS settings,
        ARRAY(
            SELECT datname::text FROM pg_db_role_setting
            JOIN pg_database ON pg_database.oid = setdatabase WHERE setrole = pg_roles.oid
        ) AS databases
    FROM pg_roles WHERE rolname = ANY(%s)
"""


def _has_tokens(connection: Connection) -> bool:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (TOKENS,))
    return found.fetchone() is not None


def _database(connection: Connection) -> str:
    [row] = connection.execute("SELECT current_database() AS name").fetchall()
    return str(row["name"])


def _run(connection: Connection, statement: str, *parts: Any) -> None:
    connection.execute(sql.SQL(statement).format(*parts))
