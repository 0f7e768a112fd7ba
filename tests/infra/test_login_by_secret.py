"""`-c login=secret`: each reads exactly the password that it enters with; no template has one."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.database_users import database_user
from functions.declaration import Function
from functions.modules import HOUSE
from infra.passwords import LoginUnknown, login_named
from tests.infra.conftest import OTHERS
from tests.infra.stacks import Stacks, listed
from waddlebot.domain.database_users import APP, OWNER, module_user
from waddlebot.runtime.house_secrets import VALKEY_PASSWORD, database_password
from waddlebot.runtime.needs import PASSWORDS_UNDER, VARIABLES, Need

DATABASE = (Need.WRITER, Need.REPLICA)
VALKEY = (Need.CACHE, Need.LIMITS, Need.STREAMS)
USERS = (APP, *map(module_user, HOUSE))
NAME = re.compile(r"waddlebot/dev/(\w*PASSWORD\w*)")
every_row = pytest.mark.parametrize("row", all_functions(), ids=lambda row: row.name)


@pytest.fixture(scope="module")
def stacks() -> Stacks:
    """Of `standard`, which has a proxy."""
    return Stacks.written_to(OTHERS / "by-password", "standard")


def passwords_in(value: Any) -> set[str]:
    return set(NAME.findall(json.dumps(value)))


def needed(row: Function) -> set[str]:
    user = database_user(row)
    own = {database_password(user)} if user in USERS else set()
    return own | ({VALKEY_PASSWORD} if row.needs & {*VALKEY} else set())


@every_row
def test_a_role_reads_exactly_its_own_passwords_and_the_owner_alone_has_a_token(
    stacks: Stacks, row: Function
) -> None:
    statements = list(stacks.by_name["functions"].statements(row))
    granted = [(action, one) for one in statements for action in listed(one["Action"])]

    read = [one["Resource"] for action, one in granted if action == "secretsmanager:GetSecretValue"]
    made = set(map(database_password, USERS)) if row.name == "upkeep-migrate" else set()
    assert passwords_in(read) == needed(row) | made
    assert not [one for action, one in granted if action == "elasticache:Connect"]
    connects = [one["Resource"] for action, one in granted if action == "rds-db:connect"]
    is_owner = database_user(row) == OWNER
    assert bool(connects) is is_owner
    assert f"/{OWNER}" in json.dumps(connects) or not is_owner


@every_row
def test_an_address_names_the_password_and_holds_none(stacks: Stacks, row: Function) -> None:
    variables = (
        stacks.by_name["functions"].deployed(row).get("Environment", {}).get("Variables", {})
    )
    for need in row.needs & {*DATABASE, *VALKEY}:
        address, user = json.dumps(variables[VARIABLES[need]]), database_user(row)
        name = VALKEY_PASSWORD if need in VALKEY else database_password(user)
        by_secret = f"login=secret&password=waddlebot/dev/{name}"
        assert ("login=iam" if need in DATABASE and user == OWNER else by_secret) in address
    under = "waddlebot/dev/" if row.name == "upkeep-migrate" else None
    assert variables.get(PASSWORDS_UNDER) == under


def test_the_gateways_enter_so_too(stacks: Stacks) -> None:
    gateway = stacks.by_name["gateway"]
    [task] = gateway.of_type("AWS::ECS::TaskDefinition").values()
    wanted = {VALKEY_PASSWORD, database_password(APP)}
    assert passwords_in(task["ContainerDefinitions"]) == wanted
    granted = [one for name, one in stacks.statements() if name.startswith("gateway/")]
    assert passwords_in(granted) == wanted
    assert "rds-db:connect" not in json.dumps(granted)
    assert "elasticache:Connect" not in json.dumps(granted)


def test_the_data_stack_makes_them_and_tells_the_servers(stacks: Stacks) -> None:
    data = stacks.data
    secrets = {
        one["Name"].rpartition("/")[2]: name
        for name, one in data.of_type("AWS::SecretsManager::Secret").items()
    }
    made = {name for name in secrets if "PASSWORD" in name}
    assert made == {VALKEY_PASSWORD, *map(database_password, USERS)}
    [user] = data.of_type("AWS::ElastiCache::User").values()
    mode = user["AuthenticationMode"]
    assert mode["Type"] == "password"
    [password] = mode["Passwords"]
    assert password["Fn::Join"][1][:3] == [
        "{{resolve:secretsmanager:",
        {"Ref": secrets[VALKEY_PASSWORD]},
        ":SecretString:password::",
    ]
    [proxy] = data.of_type("AWS::RDS::DBProxy").values()
    assert proxy["DefaultAuthScheme"] == "NONE"
    kept = [{"Ref": secrets[database_password(user)]} for user in USERS]
    assert [one["SecretArn"] for one in proxy["Auth"]] == kept
    [reads] = [one for name, one in stacks.statements() if "ProxyRole" in name]
    assert (reads["Action"], reads["Resource"]) == ("secretsmanager:GetSecretValue", kept)


def test_a_login_that_there_is_not_has_its_sentence() -> None:
    with pytest.raises(LoginUnknown, match="no login “ima”; there are iam, by tokens, and secret"):
        login_named("ima")
