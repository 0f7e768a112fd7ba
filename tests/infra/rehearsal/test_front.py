"""The front of a rehearsal lets in whom AWS lets in: tokens, right ones and each wrong in one way.

Whoever deploys behind it believes what it says; a front that takes anything proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import redis

from tests.helpers.fronts import GROUP, KEY_ID, REGION, SECRET, SESSION, VALKEY_USER, fronted
from tests.helpers.fronts import Fronted as Both
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls
from waddlebot.runtime.credentials import Credentials
from waddlebot.runtime.signing import database_token, valkey_token

KEYS = Credentials(key_id=KEY_ID, secret=SECRET, session_token=SESSION)
LASTS = timedelta(minutes=15)
DATABASE, VALKEY = "database", "valkey"
KINDS = pytest.mark.parametrize("kind", [DATABASE, VALKEY])


@pytest.fixture(scope="module")
def moment() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def both(database_urls: Urls, moment: datetime) -> Iterator[Both]:
    """The front of a database and that of a Valkey; their clocks stand."""
    with fronted(database_urls) as made:
        for front in (made.database, made.valkey):
            front.clock = lambda: moment
        yield made


def token(both: Both, kind: str, now: datetime, *, keys: Credentials = KEYS, **other: str) -> str:
    """Right but for what is `other`: host, user, group, region."""
    region = other.get("region", REGION)
    if kind == DATABASE:
        host, user = other.get("host", "localhost"), other.get("user", both.user)
        port = int(other.get("port", both.database.port))
        return database_token(host, port, user, credentials=keys, region=region, now=now)
    group, user = other.get("group", GROUP), other.get("user", VALKEY_USER)
    return valkey_token(group, user, credentials=keys, region=region, now=now)


def show(both: Both, kind: str, shown: str) -> bool:
    """Whether it opens the door to the user of the house."""
    certificates = both.variables["WADDLEBOT_SERVER_CERTIFICATES"]
    try:
        if kind == DATABASE:
            psycopg.connect(
                host="localhost",
                port=both.database.port,
                user=both.user,
                password=shown,
                dbname=both.variables["DATABASE_URL"].rpartition("/")[2].partition("?")[0],
                sslmode="verify-full",
                sslrootcert=certificates,
            ).close()
        else:
            with redis.Redis(
                port=both.valkey.port,
                username=VALKEY_USER,
                password=shown,
                ssl=True,
                ssl_ca_certs=certificates,
                protocol=2,
                driver_info=None,
                retry=None,
            ) as client:
                client.ping()
    except (psycopg.OperationalError, redis.AuthenticationError):
        return False
    return True


def why(both: Both, kind: str) -> str:
    """Of the last refusal, which is noted after its client was told."""
    front = both.database if kind == DATABASE else both.valkey

    def said() -> list[str]:
        return [one for one in front.refused if "went away" not in one]

    assert eventually(said)
    return said()[-1]


@KINDS
def test_a_token_opens_as_often_as_one_likes_for_fifteen_minutes_and_then_never_again(
    both: Both, kind: str, moment: datetime
) -> None:
    front, shown = both.database if kind == DATABASE else both.valkey, token(both, kind, moment)
    for later in (timedelta(), timedelta(), LASTS - timedelta(seconds=1)):
        front.clock = lambda later=later: moment + later
        assert show(both, kind, shown)
    assert front.refused == []
    front.clock = lambda: moment + LASTS
    assert not show(both, kind, shown)
    assert why(both, kind).startswith(f"the token is of {moment}")


@KINDS
def test_a_token_that_was_expired_or_is_of_a_time_to_come_opens_nothing(
    both: Both, kind: str, moment: datetime
) -> None:
    for when in (moment - LASTS, moment + timedelta(minutes=6)):
        assert not show(both, kind, token(both, kind, when))
        assert eventually(lambda when=when: f"the token is of {when}" in why(both, kind))


WRONG: dict[str, dict[str, str]] = {
    "the token is another user's": {"user": "waddlebot_owner"},
    "the token is for elsewhere": {"host": "elsewhere.example", "group": "elsewhere"},
    "/us-east-1/": {"region": "us-east-1"},
}


@KINDS
@pytest.mark.parametrize("said", WRONG)
def test_a_token_for_somebody_or_something_else_opens_nothing(
    both: Both, kind: str, moment: datetime, said: str
) -> None:
    assert not show(both, kind, token(both, kind, moment, **WRONG[said]))
    assert said in why(both, kind)


def test_a_token_for_another_port_of_the_same_host_opens_nothing(
    both: Both, moment: datetime
) -> None:
    assert not show(both, DATABASE, token(both, DATABASE, moment, port="5432"))
    assert "the token is for localhost:5432" in why(both, DATABASE)


def test_the_token_of_one_service_does_not_open_the_other(both: Both, moment: datetime) -> None:
    assert not show(both, VALKEY, token(both, DATABASE, moment))
    assert not show(both, DATABASE, token(both, VALKEY, moment))


def of_another_secret(shown: str) -> str:
    return re.sub(r"(?<=X-Amz-Signature=).", lambda one: "1" if one[0] == "0" else "0", shown)


CHANGED: dict[str, Callable[[str], str]] = {
    "the signature is another one": of_another_secret,
    "the token is signed for longer": lambda shown: shown.replace("Expires=900", "Expires=86400"),
    "the token is for another action": lambda shown: shown.replace("=connect&", "=reboot&"),
    "this is no token": lambda shown: shown.partition("&X-Amz-Signature")[0],
    "nobody has such keys": lambda shown: shown.replace(KEY_ID, "AKIDOTHER"),
}


@KINDS
@pytest.mark.parametrize("said", CHANGED)
def test_a_token_that_was_changed_on_the_way_opens_nothing(
    both: Both, kind: str, moment: datetime, said: str
) -> None:
    right = token(both, kind, moment)
    wrong = CHANGED[said](right)
    assert wrong != right
    assert not show(both, kind, wrong)
    assert said in why(both, kind)


@KINDS
def test_a_user_that_the_role_was_not_given_is_not_entered_by_a_right_token(
    database_urls: Urls, kind: str
) -> None:
    holder = {
        "key_id": KEY_ID,
        "secret": SECRET,
        "session_token": SESSION,
        "users": ["waddlebot_memories"],
    }
    with fronted(database_urls, holder=holder) as both:
        assert not show(both, kind, token(both, kind, datetime.now(UTC)))
        assert "may not enter as" in why(both, kind)


@KINDS
@pytest.mark.parametrize("shown", ["", "a password", "localhost/?", "x" * 5_000])
def test_what_is_no_token_opens_nothing(both: Both, kind: str, shown: str) -> None:
    if not shown and kind == VALKEY:
        pytest.skip("a client without a password shows nothing")
    assert not show(both, kind, shown)
