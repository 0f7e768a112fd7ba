"""A person's own keys over the API: five, for a year, as far as that person may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.communities import handler as communities
from tests.helpers.communities_api import ask, see
from tests.helpers.own_keys import ANA, BEN, KEYS, ME, a_key_of, asks
from tests.helpers.tenants import Tenants
from waddlebot.decisions.own_keys import renew_own_key, revoke_own_key
from waddlebot.domain.accounts import Account
from waddlebot.domain.key_texts import is_no_key
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.personal_data import forget
from waddlebot.stores.versions import editing
from waddlebot_sdk.roles import Role

SLACK = Identity(platform="slack", user_id="U71", name="Ana M.")


def test_a_key_is_told_once_lasts_a_year_and_only_its_hash_is_kept(tenants: Tenants) -> None:
    first = a_key_of(tenants.database, tenants.versions)
    made = asks(first, "POST", KEYS, {"name": "server"}).data
    again = asks(first, "GET", KEYS)

    assert first.text.startswith("wbot_user_")
    assert not is_no_key(first.text)
    assert is_no_key(first.text[:-1] + ("a" if first.text[-1] != "a" else "b"))
    assert timedelta(days=364) < first.key.expires_at - datetime.now(UTC) < timedelta(days=366)
    assert [one["name"] for one in again.data] == ["laptop", "server"]
    kept = str(tenants.database.write("SELECT k::text, a::text FROM user_api_keys k, audit_log a"))
    for text in (first.text, made["key"]):
        assert text not in again.text
        assert text not in kept
        assert text.encode().hex() not in kept


def test_of_six_keys_the_sixth_is_refused_whichever_account_asks(tenants: Tenants) -> None:
    first = a_key_of(tenants.database, tenants.versions)
    with editing(tenants.database, tenants.versions) as edit:
        Identities(edit).link(ANA, SLACK)
    other = a_key_of(tenants.database, tenants.versions, SLACK, name="phone")
    for key in (first, other, first):
        assert asks(key, "POST", KEYS).status == 200
    sixth = asks(other, "POST", KEYS, {})

    assert (sixth.status, sixth.code) == (409, "TOO_MANY_KEYS")
    assert "revoke" in sixth.body["error"]["message"]
    assert len(asks(first, "GET", KEYS).data) == 5
    own = asks(first, "GET", KEYS).data[1]["id"]
    assert asks(first, "DELETE", f"{KEYS}/{own}").status == 200
    assert asks(first, "POST", KEYS).status == 200


def test_a_revoked_key_stays_so_and_names_nothing_any_more(tenants: Tenants) -> None:
    keep, lose = (a_key_of(tenants.database, tenants.versions, name=one) for one in ("a", "b"))
    at = f"{KEYS}/{lose.key.id}"
    assert asks(keep, "DELETE", at).status == 200

    assert asks(lose, "GET", ME).status == 401
    for method, path, body in (
        ("DELETE", at, None),
        ("PATCH", at, {"name": "c"}),
        ("POST", f"{at}/regenerate", None),
    ):
        assert asks(keep, method, path, body).code == "UNKNOWN_KEY"
    assert asks(lose, "GET", ME).status == 401


def test_a_renewed_key_has_another_text_and_the_old_one_is_good_for_nothing(
    tenants: Tenants,
) -> None:
    keep, old = (a_key_of(tenants.database, tenants.versions, name=one) for one in ("a", "b"))
    renewed = asks(keep, "POST", f"{KEYS}/{old.key.id}/regenerate").data

    assert asks(old, "GET", ME).status == 401
    assert renewed["name"] == "b"
    assert ask("GET", ME, key=renewed["key"], at="").status == 200


def test_what_a_key_makes_ends_with_it(tenants: Tenants) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    key = a_key_of(tenants.database, tenants.versions, by=tomorrow)
    made = asks(key, "POST", KEYS).data
    renewed = asks(key, "POST", f"{KEYS}/{made['id']}/regenerate").data

    assert datetime.fromisoformat(made["expires_at"]) == tomorrow
    assert datetime.fromisoformat(renewed["expires_at"]) == tomorrow


@pytest.mark.parametrize("ending", ["revoked", "renewed", "forgotten"])
def test_a_key_that_ended_a_moment_ago_changes_no_keys(tenants: Tenants, ending: str) -> None:
    """A process that asked for it in the last minute still knows it; a thief may be as quick."""
    key, other = (a_key_of(tenants.database, tenants.versions, name=one) for one in ("a", "b"))
    assert asks(key, "GET", ME).status == 200
    with editing(tenants.database, tenants.versions) as edit:
        if ending == "forgotten":
            forget(edit.connection, Account("twitch", "71"))
        else:
            end = revoke_own_key if ending == "revoked" else renew_own_key
            end(edit, Account("twitch", "71"), key=key.key.id)
    before = tenants.database.write("SELECT * FROM user_api_keys ORDER BY key_hash")

    at = f"{KEYS}/{other.key.id}"
    for method, path, body in (
        ("POST", KEYS, {"name": "thief"}),
        ("POST", f"{at}/regenerate", None),
        ("PATCH", at, {"name": "thief"}),
        ("DELETE", at, None),
    ):
        answer = asks(key, method, path, body)
        assert (answer.status, answer.code) == (401, "UNKNOWN_API_KEY")
    assert tenants.database.write("SELECT * FROM user_api_keys ORDER BY key_hash") == before


def test_a_key_that_ended_says_where_the_next_one_is_had(tenants: Tenants) -> None:
    key = a_key_of(tenants.database, tenants.versions, by=datetime.now(UTC))

    answer = asks(key, "GET", ME)

    assert (answer.status, answer.code) == (401, "EXPIRED_API_KEY")
    assert "!keys make" in answer.body["error"]["message"]


@pytest.mark.parametrize(
    "name", ["all", "ALL", "", " ", "x" * 41, "a@b", "-", "<b>", "a\u202eb", "a/b"]
)
def test_a_name_that_is_none_is_refused(tenants: Tenants, name: str) -> None:
    key = a_key_of(tenants.database, tenants.versions)

    answer = asks(key, "PATCH", f"{KEYS}/{key.key.id}", {"name": name})

    assert (answer.status, answer.code) == (400, "INVALID_FIELD")


def test_two_keys_of_one_person_have_two_names(tenants: Tenants) -> None:
    key = a_key_of(tenants.database, tenants.versions)
    assert asks(key, "POST", KEYS, {"name": "LAPTOP"}).code == "NAME_TAKEN"
    assert asks(key, "PATCH", f"{KEYS}/{key.key.id}", {"name": "Laptop"}).status == 200
    a_key_of(tenants.database, tenants.versions, BEN)


def test_nobody_reaches_somebody_elses_keys(tenants: Tenants) -> None:
    mine = a_key_of(tenants.database, tenants.versions)
    theirs = a_key_of(tenants.database, tenants.versions, BEN, name="bens")
    at = f"{KEYS}/{theirs.key.id}"

    assert asks(mine, "DELETE", at).status == 404
    assert asks(mine, "PATCH", at, {"name": "x"}).status == 404
    assert "bens" not in asks(mine, "GET", KEYS).text
    assert asks(theirs, "GET", ME).status == 200
    for key in ("ours-owner", "house-admin", "house-collector"):
        for method, path in (("GET", KEYS), ("POST", KEYS), ("GET", ME), ("DELETE", at)):
            assert ask(method, path, key=key, at="").code == "NOT_A_PERSON"


def test_a_key_may_what_its_person_may_in_each_community_at_that_moment(tenants: Tenants) -> None:
    key = a_key_of(tenants.database, tenants.versions)
    ours, theirs = (f"/api/communities/{one}" for one in (tenants.ours, tenants.theirs))
    rule = {"match": "word", "pattern": "herring"}

    def gives(role: Role) -> None:
        with editing(tenants.database, tenants.versions) as edit:
            MemberRoles(edit).give(tenants.ours, Account("twitch", "71"), role)

    assert asks(key, "GET", f"{ours}/labels").code == "UNKNOWN_COMMUNITY"
    see(tenants.database, tenants.ours, "twitch:71")
    assert asks(key, "GET", f"{ours}/labels").status == 200
    assert asks(key, "POST", f"{ours}/rules", rule).code == "MISSING_ROLE"
    gives(Role.MODERATOR)
    assert asks(key, "POST", f"{ours}/rules", rule).status == 200
    assert asks(key, "GET", f"{theirs}/labels").code == "UNKNOWN_COMMUNITY"
    assert [one["id"] for one in asks(key, "GET", "/api/communities").data] == [tenants.ours]
    assert [one["role"] for one in asks(key, "GET", ME).data["communities"]] == ["moderator"]
    gives(Role.USER)
    assert asks(key, "POST", f"{ours}/rules", rule).code == "MISSING_ROLE"
    noted = tenants.database.write(
        "SELECT action FROM audit_log WHERE who = 'twitch:71' ORDER BY id"
    )
    assert [one["action"] for one in noted] == ["make own key", "add rule"]


def test_keys_are_forgotten_with_their_person(tenants: Tenants) -> None:
    key = a_key_of(tenants.database, tenants.versions)
    other = a_key_of(tenants.database, tenants.versions, BEN)
    assert asks(key, "POST", KEYS, {"name": "attic"}).status == 200
    with tenants.database.writer() as connection:
        forget(connection, Account("twitch", "71"))
    communities.forget()  # what a process remembers of a key is a minute old at most

    assert asks(key, "GET", ME).status == 401
    assert asks(other, "GET", ME).status == 200
    left = str(tenants.database.write("SELECT k::text, a::text FROM user_api_keys k, audit_log a"))
    assert "twitch:71" not in left
    assert "attic" not in left
