"""What CloudFront asks of a request first: AWS's own lists, and how many one address may send.

What platforms, services and API clients send is chat, in which people may write `<script>` or
`../../`: there bodies are counted and never refused, and nobody is for being many. Signatures, keys
and our own limits are the wall there. Sampled requests are off: they show paths, and those hold
tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk.aws_wafv2 import CfnWebACL
from constructs import Construct

from infra.edge.spared import REPUTATION, SPARED, SPOKEN_TO, TYPED_INTO

MANY = 5_000
"""Requests of one address in five minutes. A page that has no socket asks once a second, and a
machine may have six of them."""


def web_acl(scope: Construct, *, stage_name: str) -> CfnWebACL:
    """Five rules: the free plan has room for few (not verified for how many)."""
    rules = [
        _managed(REPUTATION, 0),
        *(_managed(group, number) for number, group in enumerate(SPARED, 1)),
        _own("Pages", 3, CfnWebACL.AndStatementProperty(statements=_spared_elsewhere())),
        _own("Many", 4, _many()),
    ]
    return CfnWebACL(
        scope,
        "WebAcl",
        name=f"waddlebot-{stage_name}",
        scope="CLOUDFRONT",
        default_action=CfnWebACL.DefaultActionProperty(allow={}),
        rules=rules,
        visibility_config=_seen(f"waddlebot-{stage_name}"),
    )


def _managed(group: str, priority: int) -> CfnWebACL.RuleProperty:
    """Of a spared rule there is only a label, which `Pages` reads."""
    _, spared = SPARED.get(group, ("", {}))
    counted = [
        CfnWebACL.RuleActionOverrideProperty(
            name=one, action_to_use=CfnWebACL.RuleActionProperty(count={})
        )
        for one in spared
    ]
    return CfnWebACL.RuleProperty(
        name=group,
        priority=priority,
        override_action=CfnWebACL.OverrideActionProperty(none={}),
        statement=CfnWebACL.StatementProperty(
            managed_rule_group_statement=CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=group, rule_action_overrides=counted or None
            )
        ),
        visibility_config=_seen(group),
    )


def _own(
    name: str,
    priority: int,
    asked: CfnWebACL.AndStatementProperty | CfnWebACL.RateBasedStatementProperty,
) -> CfnWebACL.RuleProperty:
    statement = (
        CfnWebACL.StatementProperty(and_statement=asked)
        if isinstance(asked, CfnWebACL.AndStatementProperty)
        else CfnWebACL.StatementProperty(rate_based_statement=asked)
    )
    return CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=CfnWebACL.RuleActionProperty(block={}),
        statement=statement,
        visibility_config=_seen(name),
    )


def _spared_elsewhere() -> Sequence[CfnWebACL.StatementProperty]:
    labels = [
        CfnWebACL.StatementProperty(
            label_match_statement=CfnWebACL.LabelMatchStatementProperty(
                scope="LABEL", key=f"awswaf:managed:aws:{group}:{label}"
            )
        )
        for group, rules in SPARED.values()
        for label in rules.values()
    ]
    return [
        CfnWebACL.StatementProperty(or_statement=CfnWebACL.OrStatementProperty(statements=labels)),
        _elsewhere((*SPOKEN_TO, *TYPED_INTO)),
    ]


def _many() -> CfnWebACL.RateBasedStatementProperty:
    return CfnWebACL.RateBasedStatementProperty(
        limit=MANY,
        evaluation_window_sec=300,
        aggregate_key_type="IP",
        scope_down_statement=_elsewhere(SPOKEN_TO),
    )


def _elsewhere(beginnings: Sequence[str]) -> CfnWebACL.StatementProperty:
    """Not where chat is sent to. As the path stands: written otherwise it is no route of ours."""
    paths = [
        CfnWebACL.StatementProperty(
            byte_match_statement=CfnWebACL.ByteMatchStatementProperty(
                field_to_match=CfnWebACL.FieldToMatchProperty(uri_path={}),
                positional_constraint="STARTS_WITH",
                search_string=path,
                text_transformations=[
                    CfnWebACL.TextTransformationProperty(priority=0, type="NONE")
                ],
            )
        )
        for path in beginnings
    ]
    spoken_to = CfnWebACL.StatementProperty(
        or_statement=CfnWebACL.OrStatementProperty(statements=paths)
    )
    return CfnWebACL.StatementProperty(
        not_statement=CfnWebACL.NotStatementProperty(statement=spoken_to)
    )


def _seen(metric: str) -> CfnWebACL.VisibilityConfigProperty:
    return CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
