"""The command table: one row for everything that can be typed and every event listened to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from psycopg.types.json import Jsonb

from waddlebot.domain.giving_way import STREAM
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import new_token
from waddlebot_sdk.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """Named like the columns; `canonical` is the path that aliases share.

    `command` of a listener is `<module>:on:<event type>`, its prefix empty. `event_types` of a
    command are what its module is asked while it is typed.

    `timeout` is in seconds.
    """

    command: str
    prefix: str
    canonical: str
    module: str
    module_summary: str
    description: str
    usage: str
    example: str
    location_url: str
    location: str
    type: str
    timeout: float
    rate_limit: int
    cooldown_seconds: int
    role: str
    private: bool
    secret: bool
    trigger_type: str
    event_types: list[str]
    turn: int
    priority: int
    execution_mode: str
    may: list[str]


_COLUMNS = tuple(field.name for field in fields(CommandRow))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCommand:
    """What may be typed: `command` is the path of a command or of an alias of it."""

    module: str
    command: str
    usage: str
    description: str
    location: str
    event_types: list[str]


def list_typed(postgres: Postgres) -> list[TypedCommand]:
    """All of it, aliases too. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT module, command, usage, description, location, event_types FROM commands
        WHERE is_active AND trigger_type = 'command' ORDER BY command
        """
    )
    return [TypedCommand(**row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A command by its id (`!quote`), or a module by its name, which has no `role`.

    `typed` is the form that was asked for: an alias is typed otherwise than its id. What is typed
    behind a `secret` one is read by nobody.
    """

    id: str
    module: str
    typed: str
    role: Role | None = None
    secret: bool = False

    @property
    def may_be_renamed(self) -> bool:
        """Single words of our own alone, by the word that they are declared with."""
        is_command = self.role is not None and self.typed == self.id
        return is_command and self.id.startswith("!") and " " not in self.id


class DeclaredCommands:
    """What the command table knows, read from the writer, in the transaction of an edit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, typed: str) -> Declared | None:
        """The command that is typed so (`!score`), or the module of this name."""
        name = typed.lower()
        found = self._longest([name])
        if found is None and self.has_module(name):
            return Declared(id=name, module=name, typed=name)
        return found

    def find_begun(self, line: str) -> Declared | None:
        """The command that this line begins with; of `!memories` and `!memories add` the longer."""
        words = line.lower().split()
        return self._longest([" ".join(words[:count]) for count in range(1, len(words) + 1)])

    def begins(self, word: str) -> bool:
        """Whether some command starts with this word: `!rules`."""
        row = self._connection.execute(
            """
            SELECT FROM commands WHERE is_active AND trigger_type = 'command'
                AND split_part(prefix || command, ' ', 1) = %(word)s LIMIT 1
            """,
            {"word": word.lower()},
        ).fetchone()
        return row is not None

    def is_taken(self, word: str) -> bool:
        """Whether one of them gives way to no command that a community makes."""
        row = self._connection.execute(
            """
            SELECT FROM commands WHERE is_active AND trigger_type = 'command'
                AND split_part(prefix || command, ' ', 1) = %(word)s AND module <> %(giving)s
            LIMIT 1
            """,
            {"word": word.lower(), "giving": STREAM},
        ).fetchone()
        return row is not None

    def first_words(self) -> set[str]:
        """Those that commands begin with, without their sign: `rules`."""
        rows = self._connection.execute(
            """
            SELECT DISTINCT split_part(command, ' ', 1) AS word FROM commands
            WHERE is_active AND trigger_type = 'command' AND prefix = '!'
            """
        ).fetchall()
        return {row["word"] for row in rows}

    def has_module(self, name: str) -> bool:
        row = self._connection.execute(
            "SELECT FROM commands WHERE is_active AND module = %(name)s LIMIT 1", {"name": name}
        ).fetchone()
        return row is not None

    def label_opens(self, label: str) -> bool | None:
        """Whether a label of this name lets people use what moderators of a module may.

        None where nothing of the house is called so. The router's own modules open to nobody.
        """
        row = self._connection.execute(
            """
            SELECT bool_or(
                module = %(label)s AND location_url NOT LIKE 'builtin:%%'
                    AND role = 'moderator'
            ) AS opens FROM commands WHERE is_active AND location = 'internal' AND (
                module = %(label)s
                OR trigger_type = 'command' AND split_part(command, ' ', 1) = %(label)s)
            """,
            {"label": label},
        ).fetchone()
        assert row is not None  # noqa: S101 - an aggregate returns its row
        opens: bool | None = row["opens"]
        return opens

    def community_functions(self) -> list[str]:
        rows = self._connection.execute(
            """
            SELECT DISTINCT module FROM commands
            WHERE is_active AND location = 'community' ORDER BY module
            """
        )
        return [row["module"] for row in rows]

    def may_of(self, module: str) -> list[str]:
        """What it declares that it may do besides answering."""
        row = self._connection.execute(
            "SELECT may FROM commands WHERE is_active AND module = %(name)s LIMIT 1",
            {"name": module},
        ).fetchone()
        return list(row["may"]) if row else []

    def _longest(self, typed: Sequence[str]) -> Declared | None:
        row = self._connection.execute(
            """
            SELECT prefix || command AS typed, prefix || canonical AS id, module, role, secret
            FROM commands WHERE is_active AND trigger_type = 'command'
                AND prefix || command = ANY(%(typed)s)
                AND role = ANY(%(roles)s)
            ORDER BY length(command) DESC LIMIT 1
            """,
            {"typed": list(typed), "roles": list(Role)},  # no role of a release that knows more
        ).fetchone()
        if row is None:
            return None
        return Declared(**{**row, "role": Role(row["role"])})


class CommandRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(self, rows: Sequence[CommandRow]) -> str | None:
        """Makes the table these rows; others stay, but inactive. The new token if it changed."""
        changed = self._connection.execute(
            """
            WITH declared AS (
                SELECT * FROM jsonb_to_recordset(%(rows)s) AS row (
                    command text, prefix text, canonical text, module text, module_summary text,
                    description text,
                    usage text, example text, location_url text, location text, type text,
                    timeout double precision, rate_limit integer, cooldown_seconds integer,
                    role text, private boolean, secret boolean, trigger_type text,
                    event_types jsonb,
                    turn smallint, priority integer, execution_mode text, may jsonb
                )
            ), gone AS (
                UPDATE commands SET is_active = false
                WHERE is_active AND (prefix, command) NOT IN (SELECT prefix, command FROM declared)
                RETURNING id
            ), written AS (
                INSERT INTO commands (
                    command, prefix, canonical, module, module_summary, description, usage, example,
                    location_url, location, type, timeout, rate_limit, cooldown_seconds, role,
                    private, secret, trigger_type, event_types, turn, priority, execution_mode,
                    may
                )
                SELECT * FROM declared ORDER BY prefix, command
                ON CONFLICT (prefix, command) DO UPDATE SET
                    canonical = EXCLUDED.canonical, module = EXCLUDED.module,
                    module_summary = EXCLUDED.module_summary,
                    description = EXCLUDED.description, usage = EXCLUDED.usage,
                    example = EXCLUDED.example, location_url = EXCLUDED.location_url,
                    location = EXCLUDED.location, type = EXCLUDED.type,
                    timeout = EXCLUDED.timeout, rate_limit = EXCLUDED.rate_limit,
                    cooldown_seconds = EXCLUDED.cooldown_seconds, role = EXCLUDED.role,
                    private = EXCLUDED.private, secret = EXCLUDED.secret,
                    trigger_type = EXCLUDED.trigger_type,
                    event_types = EXCLUDED.event_types, turn = EXCLUDED.turn,
                    priority = EXCLUDED.priority, execution_mode = EXCLUDED.execution_mode,
                    may = EXCLUDED.may,
                    is_active = true
                WHERE NOT commands.is_active OR (
                    commands.canonical, commands.module, commands.module_summary,
                    commands.description, commands.usage,
                    commands.example, commands.location_url, commands.location, commands.type,
                    commands.timeout, commands.rate_limit, commands.cooldown_seconds,
                    commands.role, commands.private, commands.secret, commands.trigger_type,
                    commands.event_types,
                    commands.turn, commands.priority, commands.execution_mode, commands.may
                ) IS DISTINCT FROM (
                    EXCLUDED.canonical, EXCLUDED.module, EXCLUDED.module_summary,
                    EXCLUDED.description, EXCLUDED.usage,
                    EXCLUDED.example, EXCLUDED.location_url, EXCLUDED.location, EXCLUDED.type,
                    EXCLUDED.timeout, EXCLUDED.rate_limit, EXCLUDED.cooldown_seconds,
                    EXCLUDED.role, EXCLUDED.private, EXCLUDED.secret, EXCLUDED.trigger_type,
                    EXCLUDED.event_types,
                    EXCLUDED.turn, EXCLUDED.priority, EXCLUDED.execution_mode, EXCLUDED.may
                )
                RETURNING id
            )
            UPDATE table_versions SET version = %(token)s
            WHERE name = 'commands' AND (EXISTS (SELECT FROM gone) OR EXISTS (SELECT FROM written))
            RETURNING version
            """,
            {"rows": Jsonb(list(map(_columns, rows))), "token": new_token()},
        ).fetchone()
        return changed["version"] if changed else None


def _columns(row: CommandRow) -> dict[str, Any]:
    """`asdict` would copy each value as well, which takes ten times as long."""
    return {name: getattr(row, name) for name in _COLUMNS}
