"""What a module of the house declares is granted to it on AWS, and to nobody else, and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.catalogue import all_functions
from functions.declaration import Function
from functions.declared_commands import DECLARED_COMMANDS
from tests.infra.conftest import ROOT
from tests.infra.template import Properties, Template
from tests.infra.throw_away import synthesized
from waddlebot.runtime.needs import PUBLIC_URL

MODULES = {name: Function(name=name, handler="", folders=()) for name in ("jukebox", "plain")}
"""Rows of their names: the catalogue of this tree has none of them."""
MODULES_SECRETS = ("SONGS_CLIENT", "SONGS_TOKEN")
READS_COMMANDS = "upkeep-sync-commands"
BESIDE_MODULES = "functions/modules"
"""What ships with a module has the list of names beside it."""
MAY_CALL = {"router", "router-api", "router-asking", "router-slow"}
ASK_WHAT_IS_KEPT = {"operations", "upkeep-erase"}


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template.written_to(synthesized(ROOT, tmp_path_factory.mktemp("house")))


def environment(template: Template, row: Function) -> dict[str, str]:
    found: dict[str, str] = template.deployed(row).get("Environment", {}).get("Variables", {})
    return found


def routes(template: Template) -> dict[str, str]:
    """Each with the integration that it leads to."""
    of_type = template.of_type("AWS::ApiGatewayV2::Route").values()
    return {one["RouteKey"]: json.dumps(one["Target"]) for one in of_type}


def granted(template: Template, row: Function) -> list[tuple[str, str]]:
    """Action and resource, of all that its role is allowed."""
    return sorted(
        (action, json.dumps(resource))
        for one in template.statements(row)
        for action in _listed(one["Action"])
        for resource in _listed(one["Resource"])
    )


def test_what_reaches_out_finds_its_variables_and_what_declares_nothing_finds_its_tables_alone(
    larger: Template,
) -> None:
    assert {name: set(environment(larger, row)) for name, row in MODULES.items()} == {
        "jukebox": {
            *("DATABASE_URL", "VALKEY_CACHE_URL", "VALKEY_LIMITS_URL"),
            *("SONGS_TOKEN", "SONGS_CLIENT"),
            PUBLIC_URL,  # of its routes
        },
        "plain": {"DATABASE_URL"},
    }
    token = environment(larger, MODULES["jukebox"])["SONGS_TOKEN"]
    assert token == "secretsmanager:waddlebot/dev/SONGS_TOKEN"


def test_either_may_write_its_own_log_enter_its_data_as_itself_and_nothing_else(
    larger: Template,
) -> None:
    for name, row in MODULES.items():
        log = larger.deployed(row)["LoggingConfig"]["LogGroup"]["Ref"]
        own = json.dumps({"Fn::GetAtt": [log, "Arn"]})
        told = [one for one in granted(larger, row) if not one[0].startswith("ec2:")]
        logs = [one for one in told if one[0].startswith("logs:")]
        assert logs == [("logs:CreateLogStream", own), ("logs:PutLogEvents", own)]
        entered = [target for action, target in told if action == "rds-db:connect"]
        assert [f"/waddlebot_{name}" in one for one in entered] == [True]
        others = {action for action, _ in told} - {"rds-db:connect", *dict(logs)}
        reaching = {"elasticache:Connect", "secretsmanager:GetSecretValue"}
        assert others == (reaching if name == "jukebox" else set())
        read = [target for action, target in told if action == "secretsmanager:GetSecretValue"]
        own = MODULES_SECRETS if name == "jukebox" else ()
        assert [f"waddlebot/dev/{one}-??????" in at for one, at in zip(own, read, strict=True)] == [
            True for _ in own
        ]


def test_its_time_is_what_it_declares_and_a_second(larger: Template) -> None:
    times = [larger.deployed(row)["Timeout"] for row in MODULES.values()]
    assert times == [21, 3]


def test_its_addresses_lead_to_it_and_there_are_no_others(
    template: Template, larger: Template
) -> None:
    template, larger = (Template.written_to(one.out, "routes") for one in (template, larger))
    more = routes(larger).keys() - routes(template).keys()

    asked = {"GET /modules/jukebox/callback/{service}", "POST /modules/jukebox/told"}
    assert more == {f"ANY {one.partition(' ')[2]}" for one in asked}
    assert routes(template).keys() < routes(larger).keys()
    assert {larger.led_to(one) for one in more} == {"waddlebot-dev-jukebox"}


def test_others_may_call_it_who_call_every_module_and_nothing_else_of_them_is_changed(
    template: Template, larger: Template
) -> None:
    called = {f":function:waddlebot-dev-{name}:live" for name in MODULES}
    for row in all_functions():
        gained = {*granted(larger, row)} - {*granted(template, row)}
        calls = row.name in MAY_CALL | ASK_WHAT_IS_KEPT
        assert {action for action, _ in gained} == ({"lambda:InvokeFunction"} if calls else set())
        assert len(gained) == (len(called) if calls else 0)
        assert all(any(one in target for one in called) for _, target in gained)
        assert {*granted(template, row)} <= {*granted(larger, row)}
        before, now = (_without_code(one.deployed(row), row) for one in (template, larger))
        assert now == before, row.name


def test_its_commands_say_what_it_may_hears_and_when_it_answers(larger: Template) -> None:
    sync = next(row for row in all_functions() if row.name == "upkeep-sync-commands")
    declared = json.loads((larger.code(sync) / DECLARED_COMMANDS).read_text())["modules"]
    jukebox, plain = (one for one in declared if one["name"] in MODULES)

    said = ("may", "listens", "priority", "execution_mode", "timeout_seconds")
    assert [jukebox[name] for name in said] == [
        ["announce", "shout_out"],
        ["raid", "follow"],
        7,
        "parallel",
        20,
    ]
    assert [plain[name] for name in said[:4]] == [[], [], 100, "sequential"]


def _without_code(properties: Properties, row: Function) -> Properties:
    has_more = row.name == READS_COMMANDS or any(BESIDE_MODULES in one for one in row.folders)
    return {**properties, "Code": None} if has_more else properties


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
