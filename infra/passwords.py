"""`-c login=secret`: PostgreSQL and Valkey are entered by passwords that the data stack makes.

For accounts where a token at each connect turns out too slow (docs/decisions/0109). The owner of
the tables enters by a token all the same: it makes all others' passwords.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from functions.database_users import all_users
from infra.addresses import valkey_user
from waddlebot.domain.database_users import OWNER
from waddlebot.runtime.house_secrets import VALKEY_PASSWORD, database_password

if TYPE_CHECKING:
    from constructs import Construct  # importing it starts Node

IAM, SECRET = "iam", "secret"


class LoginUnknown(Exception):
    """The sentence names the logins there are."""


def login_named(name: str) -> str:
    """Raises LoginUnknown."""
    if name not in (IAM, SECRET):
        raise LoginUnknown(
            f"There is no login “{name[:80]}”; there are {IAM}, by tokens, and {SECRET}, by "
            f"passwords that are kept. Name one: cdk deploy --all -c login={SECRET}"
        )
    return name


def chosen_login(scope: Construct) -> str:
    """`-c login=…`. Raises LoginUnknown."""
    return login_named(str(scope.node.try_get_context("login") or IAM))


def has_token(login: str, user: str) -> bool:
    return login == IAM or user == OWNER


def database_passwords(login: str) -> Mapping[str, str]:
    """Users of the database by the variable of their password."""
    users = (user for user in all_users() if not has_token(login, user))
    return {database_password(user): user for user in users}


def all_passwords(login: str, *, stage: str) -> Mapping[str, str]:
    """The same with the one user of Valkey."""
    of_valkey = {VALKEY_PASSWORD: valkey_user(stage)} if login == SECRET else {}
    return {**database_passwords(login), **of_valkey}
