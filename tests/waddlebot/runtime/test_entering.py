"""Servers entered as on AWS: real ones, behind a front that looks at tokens as AWS does."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from functions.operations.health import ANSWERS, check_servers
from gateway_bot.settings import read_settings
from gateway_bot.streams_server import open_streams
from tests.helpers.fronts import HOLDER, SECRET, SESSION, VALKEY_USER, Fronted, fronted
from tests.helpers.patience import eventually
from tests.helpers.secrets_stand_in import secrets_manager
from tests.helpers.servers import Urls
from waddlebot.domain.errors import NotLetIn, Unavailable
from waddlebot.runtime.entering import address_of, find_address
from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.needs import Need
from waddlebot.runtime.resources import Resources
from waddlebot.stores.valkey import STREAMS, answering

DATABASE = "DATABASE_URL"
SIGNATURE = "X-Amz-Signature"


@pytest.fixture
def front(database_urls: Urls) -> Iterator[Fronted]:
    with fronted(database_urls) as made:
        yield made


def ask_database(environment: Environment) -> str:
    with closing(Resources(environment)) as resources:
        [row] = resources.postgres.write("SELECT current_user AS who")
        return str(row["who"])


def ask_valkey(environment: Environment) -> str:
    with closing(Resources(environment)) as resources, answering(STREAMS):
        return "answers" if resources.streams.ping() else ""


def ask_as_gateways_do(environment: Environment) -> str:
    async def ask() -> bool:
        async with open_streams(read_settings(environment).streams) as client:
            return bool(await client.ping())

    with answering(STREAMS), given_up_handshakes_closed():
        return "answers" if asyncio.run(ask()) else ""


@contextmanager
def given_up_handshakes_closed() -> Iterator[None]:
    """asyncio leaves the socket of a TLS handshake that is given up in time to the collector,
    which would tell some other test of it."""
    try:
        yield
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


Ask = Callable[[Environment], str]
EVERY = pytest.mark.parametrize("ask", [ask_database, ask_valkey, ask_as_gateways_do])


def test_a_function_enters_both_as_its_user_by_a_token_over_tls(front: Fronted) -> None:
    assert ask_database(front.environment()) == front.user
    assert ask_valkey(front.environment()) == "answers"
    assert ask_as_gateways_do(front.environment()) == "answers"
    assert front.database.entered == [front.user]
    assert front.valkey.entered == ["waddlebot-dev-app"] * 2
    assert front.database.refused + front.valkey.refused == []


def test_whoever_watches_enters_by_the_same_door(front: Fronted) -> None:
    assert check_servers(front.environment()) == dict.fromkeys(Need, ANSWERS)


@EVERY
def test_a_server_that_shows_another_name_is_not_spoken_with(database_urls: Urls, ask: Ask) -> None:
    with fronted(database_urls, shows="elsewhere.example") as front:
        with pytest.raises(Unavailable):
            ask(front.environment())
        assert front.database.entered + front.valkey.entered == []


@EVERY
def test_a_server_whose_certificate_comes_from_elsewhere_is_not_spoken_with(
    front: Fronted, ask: Ask
) -> None:
    """AWS's own certificates are trusted then."""
    with pytest.raises(Unavailable):
        ask(front.environment(WADDLEBOT_SERVER_CERTIFICATES=""))
    assert front.database.entered + front.valkey.entered == []


def refusals(front: Fronted, ask: Ask, environment: Environment) -> list[str]:
    """Asked again where a busy machine has not come as far as the token in time."""
    found: list[str] = []

    def is_refused() -> bool:
        with pytest.raises(Unavailable):
            ask(environment)
        told = front.database.refused + front.valkey.refused
        found[:] = [why for why in told if "went away" not in why]
        return bool(found)

    assert eventually(is_refused)
    return found


WRONG: dict[str, dict[str, str]] = {
    "signature": {"AWS_SECRET_ACCESS_KEY": "another"},
    "nobody has such keys": {"AWS_ACCESS_KEY_ID": "AKIDOTHER"},
    "nobody has such keys ": {"AWS_SESSION_TOKEN": "another"},
    "us-east-1": {"AWS_REGION": "us-east-1"},
}


@EVERY
@pytest.mark.parametrize("why", WRONG)
def test_a_token_that_is_wrong_opens_nothing(front: Fronted, ask: Ask, why: str) -> None:
    told = refusals(front, ask, front.environment(**WRONG[why]))
    assert all(why.strip() in one for one in told)
    assert front.database.entered + front.valkey.entered == []


@EVERY
def test_a_role_enters_as_no_user_that_it_was_not_given(database_urls: Urls, ask: Ask) -> None:
    with fronted(database_urls, holder={**HOLDER, "users": ["somebody"]}) as front:
        assert "may not enter as" in refusals(front, ask, front.environment())[0]


def test_a_right_token_of_a_user_that_is_not_there_is_refused_as_any_other(
    database_urls: Urls,
) -> None:
    with fronted(database_urls, holder={**HOLDER, "users": ["waddlebot_nobody"]}) as front:
        url = front.variables[DATABASE].replace(f"//{front.user}@", "//waddlebot_nobody@")
        with pytest.raises(NotLetIn):
            ask_database(front.environment(DATABASE_URL=url))
    assert front.database.entered == ["waddlebot_nobody"]
    assert all("the real server does not let it in" in one for one in front.database.refused)
    assert front.database.refused


def test_a_master_enters_by_its_password_and_nobody_else_does(database_urls: Urls) -> None:
    """As on RDS, before whoever it makes enters by tokens."""
    told = urlsplit(database_urls[DATABASE])
    user, password = told.username or "", unquote(told.password or "")
    with fronted(database_urls, master=user, passwords={user: password}) as front:
        plain = {"dbname": told.path[1:], "user": user, "port": front.database.port}
        certificates = front.variables["WADDLEBOT_SERVER_CERTIFICATES"]
        checked = {"host": "localhost", "sslmode": "verify-full", "sslrootcert": certificates}
        with psycopg.connect(**plain, **checked, password=password) as server:
            assert server.execute("SELECT current_user").fetchone() == (user,)
        for wrong in ({"password": "another"}, {"user": "somebody", "password": password}):
            with pytest.raises(psycopg.OperationalError, match="authentication failed"):
                psycopg.connect(**{**plain, **checked, **wrong})
    assert front.database.entered == [user]


def test_the_token_of_one_replication_group_does_not_open_another(front: Fronted) -> None:
    url = front.variables["VALKEY_STREAMS_URL"].replace("name=waddlebot", "name=other")
    told = refusals(front, ask_valkey, front.environment(VALKEY_STREAMS_URL=url))
    assert "the token is for other-dev-streams" in told[0]


def test_a_new_connection_shows_a_new_token_and_what_was_cut_comes_back(front: Fronted) -> None:
    with closing(Resources(front.environment())) as resources:
        resources.postgres.write("SELECT 1 AS one")
        resources.streams.ping()
        assert front.database.cut() + front.valkey.cut() == 4
        assert resources.postgres.write("SELECT 2 AS one") == [{"one": 2}]
        assert resources.streams.ping()
    assert len(front.database.entered) == len(front.valkey.entered) == 2


@EVERY
def test_no_token_is_told_in_errors_or_logs(
    front: Fronted, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    environment = front.environment(AWS_SECRET_ACCESS_KEY="another")
    ask(front.environment())
    with pytest.raises(Unavailable) as failed:
        ask(environment)

    chain: list[BaseException] = [failed.value]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(cause)
    shown = [address_of(environment, name) for name in (DATABASE, "VALKEY_STREAMS_URL")]
    said = "\n".join([caplog.text, *map(str, chain), *map(repr, chain), *map(repr, shown)])
    for secret in (SIGNATURE, SECRET, SESSION, "another"):
        assert secret not in said


def test_valkey_is_entered_by_a_kept_password_where_its_user_has_one(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `-c login=secret` deploys it; a wrong password and a token open nothing."""
    with (
        secrets_manager() as (keeper, _),
        fronted(database_urls, shown={VALKEY_USER: "right"}) as front,
    ):
        for name, value in keeper.environment().items():
            monkeypatch.setenv(name, value)
        keeper.keep(VALKEY_PASSWORD=json.dumps({"username": VALKEY_USER, "password": "right"}))
        by_token = front.variables["VALKEY_STREAMS_URL"]
        kept = "login=secret&password=waddlebot/test/VALKEY_PASSWORD"
        by_password = front.environment(VALKEY_STREAMS_URL=by_token.replace("login=iam", kept))

        for ask in (ask_valkey, ask_as_gateways_do):
            assert ask(by_password) == "answers"
            assert refusals(front, ask, front.environment())
            front.valkey.refused.clear()
        keeper.change("VALKEY_PASSWORD", json.dumps({"username": VALKEY_USER, "password": "no"}))
        for ask in (ask_valkey, ask_as_gateways_do):
            assert "this is not the password" in refusals(front, ask, by_password)[0]
            front.valkey.refused.clear()
    assert front.valkey.entered == [VALKEY_USER] * 2


def test_a_password_that_is_kept_elsewhere_is_read_anew_for_each_connect(
    database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = unquote(urlsplit(database_urls[DATABASE]).password or "")
    with secrets_manager() as (keeper, _):
        for name, value in keeper.environment().items():
            monkeypatch.setenv(name, value)
        keeper.keep(DATABASE_PASSWORD=json.dumps({"username": "waddlebot", "password": "old"}))
        told = "?login=secret&password=waddlebot/test/DATABASE_PASSWORD"
        address = f"postgresql://waddlebot@localhost:5432/waddlebot{told}"
        variables: dict[str, Any] = {DATABASE: address, "AWS_REGION": "us-east-1"}
        entrance = address_of(Environment(variables), DATABASE).entrance
        assert entrance
        assert entrance.password() == "old"
        keeper.change("DATABASE_PASSWORD", password)
        assert entrance.password() == password

        variables[DATABASE] = address.replace("DATABASE_PASSWORD", "NOBODYS")
        nobodys = address_of(Environment(variables), DATABASE).entrance
        assert nobodys
        with pytest.raises(Unavailable, match="waddlebot/test/NOBODYS is not there"):
            nobodys.password()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://waddlebot:pass%2Fword@127.0.0.1:5432/waddlebot",
        "postgresql://one,two/waddlebot?password=own&target_session_attrs=any",
        "postgresql://one,two/waddlebot?options=-c%20work_mem%3D8MB",
        "redis://:pass@127.0.0.1:6379/0",
        "rediss://:pass@host:6379/0?ssl_ca_certs=/own.pem",
    ],
)
def test_an_address_without_a_login_is_left_as_it_is(url: str) -> None:
    address = address_of(Environment({DATABASE: url}), DATABASE)

    assert (address.url, address.entrance) == (url, None)
    assert (address.is_cluster, address.is_prepared) == (False, False)


def test_an_address_says_that_its_server_is_a_cluster() -> None:
    url = "rediss://app@host:6379/0?login=iam&name=streams&cluster=1"
    address = address_of(Environment({DATABASE: url, "AWS_REGION": "us-east-1"}), DATABASE)
    assert address.is_cluster
    assert address.url == "rediss://host:6379/0"

    plain = address_of(Environment({DATABASE: "redis://:pass@host:1/0?cluster=1"}), DATABASE)
    assert plain.is_cluster
    assert plain.url == "redis://:pass@host:1/0"
    assert find_address(Environment({}), DATABASE) is None


def test_an_address_says_that_no_pooler_stands_before_its_database() -> None:
    options = "options=-c%20work_mem%3D8MB"
    plain = f"postgresql://app:word@host/waddlebot?password=own&prepare=1&{options}"
    address = address_of(Environment({DATABASE: plain}), DATABASE)
    assert address.is_prepared
    assert address.url == f"postgresql://app:word@host/waddlebot?password=own&{options}"

    url = f"postgresql://app@host:5432/waddlebot?login=iam&prepare=1&{options}"
    address = address_of(Environment({DATABASE: url, "AWS_REGION": "us-east-1"}), DATABASE)
    assert address.is_prepared
    assert address.url == f"postgresql://app@host:5432/waddlebot?{options}"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://app@host/waddlebot?login=ima", "login is iam or secret"),
        ("postgresql://host/waddlebot?login=iam", "names a host and a user"),
        ("postgresql://app:word@host/waddlebot?login=iam", "no password"),
        ("redis://app@host:6379/0?login=iam&name=streams", "begins with rediss://"),
        ("rediss://app@host:6379/0?login=iam", "the replication group's name"),
        ("postgresql://app@host/waddlebot?login=secret", "the secret's name"),
        ("postgresql://app@host/waddlebot?login=iam", "no certificates of the databases in mars-1"),
    ],
)
def test_an_address_that_is_wrong_has_its_sentence_and_is_not_told(url: str, says: str) -> None:
    environment = Environment({DATABASE: url, "AWS_REGION": "mars-1"})
    with pytest.raises(MissingVariable) as wrong:
        address_of(environment, DATABASE)
    assert says in str(wrong.value).replace("There are ", "")
    assert url not in str(wrong.value)
