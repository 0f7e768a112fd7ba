"""As whom servers are entered, which their addresses say (docs/decisions/0096).

    postgresql://waddlebot_app@host:5432/waddlebot?login=iam
    rediss://waddlebot-dev-app@host:6379/0?login=iam&name=waddlebot-dev-streams&cluster=1
    postgresql://waddlebot_app@host:5432/waddlebot?login=secret&password=waddlebot/dev/DATABASE

`login=iam` shows a token that is presigned at each connect, `login=secret` the password that is
kept under that name. Without `login` the URL is what it is, as on one machine. `prepare=1` is said
of a database that no pooler stands before (docs/decisions/0118).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.credentials import CredentialSource
from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.needs import CERTIFICATES
from waddlebot.runtime.signing import database_token, valkey_token
from waddlebot.stores.addresses import Address, Entrance, Password, address_at

_LOGIN, _NAME, _PASSWORD, *_ = OURS = ("login", "name", "password", "cluster", "prepare")
_FOLDER = Path(__file__).parent / "certificates"
_PUBLIC = "amazon"
"""Amazon's public roots; a region's file has them too, beside RDS's own, and no other region's:
those of all take 14 ms of a connect (infra/certificates.py writes them)."""
DATABASE_PORT = 5432


def address_of(environment: Environment, variable: str) -> Address:
    """Where the server is that this variable names.

    Raises MissingVariable, whose sentence says what is missing or wrong. Nothing is asked yet.
    """
    return _read(environment[variable], variable, environment)


def find_address(environment: Environment, variable: str) -> Address | None:
    """None where the variable is not set. Raises as `address_of` where it is wrong."""
    url = environment.find(variable)
    return _read(url, variable, environment) if url else None


def address_by_token(
    host: str, port: int, database: str, *, user: str, token: str, environment: Environment
) -> Address:
    """Of a database that no variable names, with a token that somebody else made of it."""
    return Address(
        url=f"postgresql://{quote(user, safe='')}@{host}:{port}/{quote(database, safe='')}",
        entrance=Entrance(
            user=user,
            password=lambda: token,
            certificates=_certificates(environment, environment["AWS_REGION"]),
        ),
    )


def _read(url: str, variable: str, environment: Environment) -> Address:
    parts, plain = urlsplit(url), address_at(url)
    told = dict(parse_qsl(parts.query, keep_blank_values=True))
    if _LOGIN not in told:
        return plain  # `password` is libpq's own word
    ours = {name: told.pop(name) for name in OURS if name in told}
    if ours[_LOGIN] not in _PASSWORDS:
        raise _wrong(variable, f"login is {' or '.join(_PASSWORDS)}")
    if not (parts.hostname and parts.username) or parts.password:
        raise _wrong(variable, "with a login it names a host and a user, and no password")
    if parts.scheme == "redis":
        raise _wrong(variable, "with a login it begins with rediss://, as a token needs TLS")
    password = _PASSWORDS[ours[_LOGIN]](parts, ours, variable, environment)
    is_database = parts.scheme.startswith("postgres")
    entrance = Entrance(
        user=unquote(parts.username),
        password=password,
        certificates=_certificates(
            environment, environment["AWS_REGION"] if is_database else _PUBLIC
        ),
    )
    # redis-py takes the user from one place alone, libpq from the address.
    netloc = parts.netloc if is_database else parts.netloc.rpartition("@")[2]
    return replace(plain, url=_with(parts, netloc, told), entrance=entrance)


def _by_iam(
    parts: SplitResult, ours: Mapping[str, str], variable: str, environment: Environment
) -> Password:
    region = environment["AWS_REGION"]
    user, keys = unquote(parts.username or ""), CredentialSource(environment)
    if parts.scheme.startswith("postgres"):
        host, port = parts.hostname or "", parts.port or DATABASE_PORT
        return lambda: database_token(
            host, port, user, credentials=keys.current(), region=region, now=datetime.now(UTC)
        )
    group = ours.get(_NAME)
    if not group:
        raise _wrong(variable, "with login=iam it says the replication group's name: &name=…")
    return lambda: valkey_token(
        group, user, credentials=keys.current(), region=region, now=datetime.now(UTC)
    )


def _by_secret(
    _parts: SplitResult, ours: Mapping[str, str], variable: str, _environment: Environment
) -> Password:
    name = ours.get(_PASSWORD)
    if not name:
        raise _wrong(variable, "with login=secret it says the secret's name: &password=…")
    return lambda: kept_password(name)


_PASSWORDS: Mapping[str, Callable[..., Password]] = {"iam": _by_iam, "secret": _by_secret}


def kept_password(name: str) -> str:
    """As it is now: connects are rare, and a changed password opens at once.

    RDS keeps its own as JSON with a user beside.
    """
    from waddlebot.runtime.kept_secrets import read_secret  # boto3

    told = read_secret(name, seconds=0)
    if told.startswith("{"):
        told = json.loads(told).get("password", "")
    if not told:
        raise Unavailable(f"the password in the secret {name}", "is not there: set it, or its name")
    return told


def _certificates(environment: Environment, of_whom: str) -> str:
    if own := environment.find(CERTIFICATES):
        return own
    file = _FOLDER / f"{of_whom}.pem"
    if not file.exists():
        raise MissingVariable(
            f"There are no certificates of the databases in {of_whom} here: {CERTIFICATES} names "
            "a file with those that AWS publishes for this region."
        )
    return str(file)


def _with(parts: SplitResult, netloc: str, told: Mapping[str, str]) -> str:
    return parts._replace(netloc=netloc, query=urlencode(told, quote_via=quote)).geturl()


def _wrong(variable: str, rule: str) -> MissingVariable:
    """The address itself is not told: it may hold a password."""
    return MissingVariable(f"{variable} is no address that can be entered: {rule}.")
