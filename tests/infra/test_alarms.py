"""Whom alarms call, and that nothing stands in the way of it without a word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.context import ContextWrong, check_context
from operations.aws import make_parser
from operations.aws.deploying import whom_alarms_call
from tests.infra.conftest import OTHERS
from tests.infra.stacks import Stacks, listed

CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
MAIL = "ops@example.org"


def topic_of(stacks: Stacks) -> tuple[str, dict[str, Any]]:
    [topic] = stacks.data.of_type("AWS::SNS::Topic").items()
    return topic


def test_every_alarm_calls_the_topic_when_it_begins_and_when_it_is_over(stacks: Stacks) -> None:
    called = [{"Ref": topic_of(stacks)[0]}]
    alarms = list(stacks.of_type("AWS::CloudWatch::Alarm"))
    assert alarms
    for name, alarm in alarms:
        assert (alarm["AlarmActions"], alarm["OKActions"]) == (called, called), name
        assert alarm["AlarmName"].startswith("waddlebot-dev-"), name


def test_cloudwatch_may_use_the_topic_and_the_key_that_it_lies_under(stacks: Stacks) -> None:
    """Where it may not it calls nobody, and says so nowhere."""
    name, topic = topic_of(stacks)
    [(key, told)] = stacks.data.of_type("AWS::KMS::Key").items()
    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": [key, "Arn"]}
    [uses] = (one for one in told["KeyPolicy"]["Statement"] if one["Principal"] == CLOUDWATCH)
    assert set(listed(uses["Action"])) == {"kms:Decrypt", "kms:GenerateDataKey*"}

    [policy] = stacks.data.of_type("AWS::SNS::TopicPolicy").values()
    assert policy["Topics"] == [{"Ref": name}]
    calls, refused = policy["PolicyDocument"]["Statement"]
    assert (calls["Effect"], calls["Principal"], calls["Action"]) == (
        *("Allow", CLOUDWATCH, "sns:Publish"),
    )
    for one in (uses, calls):
        assert one["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert ":alarm:waddlebot-dev-*" in json.dumps(one["Condition"]["ArnLike"])
    assert refused["Effect"] == "Deny"
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_an_address_is_written_to_where_one_was_told_and_nobody_else(stacks: Stacks) -> None:
    assert list(stacks.data.of_type("AWS::SNS::Subscription")) == []
    told = Stacks.written_to(OTHERS / "by-password", "standard")
    [one] = told.data.of_type("AWS::SNS::Subscription").values()
    assert one == {
        "Endpoint": MAIL,
        "Protocol": "email",
        "TopicArn": {"Ref": topic_of(told)[0]},
    }


@pytest.mark.parametrize("told", ["ops", "ops@example", "a b@example.org", "x" * 300, ""])
def test_what_is_no_address_is_a_sentence(told: str) -> None:
    with pytest.raises(ContextWrong, match=r"the e-mail address that alarms call, such as"):
        check_context({"alarms": told})


def test_a_deploy_ends_by_saying_whom_alarms_call() -> None:
    asked = make_parser().parse_args(["deploy", "--stage", "test"])
    assert whom_alarms_call(asked) == (
        f'Alarms call nobody. Say whom: make deploy stage=test context="alarms={MAIL}"'
    )
    asked = make_parser().parse_args(["deploy", "-c", f"alarms={MAIL}"])
    assert whom_alarms_call(asked).startswith(f"Alarms call {MAIL}: AWS has written there")
    check_context({"alarms": MAIL})
