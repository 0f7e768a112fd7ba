"""Keys of each process, as whom its role may enter with them, and what a run may take."""

from __future__ import annotations

from typing import Any

from infra.rehearsal.keys import keys_of
from infra.rehearsal.progress import exceeded
from infra.rehearsal.shim import CREDENTIALS, give_keys

ENTERS = {
    "Action": "rds-db:connect",
    "Resource": {"Fn::Join": ["", ["arn:", {"Ref": "Server"}, "/waddlebot_app"]]},
}
REACHES = {
    "Action": "elasticache:Connect",
    "Resource": [
        {"Fn::Join": ["", ["arn:", {"Ref": "Group"}]]},
        {"Fn::Join": ["", ["arn:", {"Ref": "AWS::AccountId"}, ":user:waddlebot-production-app"]]},
    ],
}
CALLS = {"Action": "lambda:InvokeFunction", "Resource": "arn:of/waddlebot_owner"}


def role(*statements: dict[str, Any]) -> dict[str, Any]:
    policies = [{"PolicyDocument": {"Statement": list(statements)}}]
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies}}


def function(name: str, of: str) -> dict[str, Any]:
    told = {"FunctionName": name, "Role": {"Fn::GetAtt": [of, "Arn"]}}
    return {"Type": "AWS::Lambda::Function", "Properties": told}


TEMPLATE = {
    "Resources": {
        "A": function("router", "RoleA"),
        "RoleA": role(ENTERS, REACHES, CALLS),
        "B": function("roll", "RoleB"),
        "RoleB": role(CALLS),
        "C": {
            "Type": "AWS::ECS::TaskDefinition",
            "Properties": {"TaskRoleArn": {"Fn::GetAtt": ["RoleC", "Arn"]}},
        },
        "RoleC": role(REACHES),
    }
}


def test_each_process_enters_as_whom_its_role_names() -> None:
    keys = keys_of([TEMPLATE])
    assert {name: (set(one.database), set(one.valkey)) for name, one in keys.items()} == {
        "router": ({"waddlebot_app"}, {"waddlebot-production-app"}),
        "roll": (set(), set()),
        "gateway": (set(), {"waddlebot-production-app"}),
    }
    assert len({one.key_id for one in keys.values()}) == 3
    assert keys["router"].holder(keys["router"].database)["users"] == ("waddlebot_app",)


def test_a_function_is_given_its_own_keys_and_who_has_none_the_accounts() -> None:
    class Lambdas:
        @staticmethod
        def execution_credentials(_config: dict[str, Any]) -> dict[str, str]:
            return {"AWS_ACCESS_KEY_ID": "the account"}

    own = keys_of([TEMPLATE])["router"].environment
    give_keys([Lambdas], {"router": own})
    asked = getattr(Lambdas, CREDENTIALS)
    assert asked({"FunctionName": "router"}) == own
    assert asked({"FunctionName": "somebody"}) == {"AWS_ACCESS_KEY_ID": "the account"}


def test_a_run_that_takes_too_much_ends_with_a_sentence() -> None:
    assert exceeded(299, 2048, load=1, cores=2) == ""
    assert exceeded(299, 2049, load=1, cores=2).startswith("It held 2049 MB at once")
    assert exceeded(301, 2048, load=1, cores=2).startswith("It took 301 s")
    # Whoever shares the machine took it.
    assert exceeded(301, 2048, load=20, cores=2) == ""
