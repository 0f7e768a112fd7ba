"""What the web ACL counts and does not refuse where chat is sent to, and where that is."""

from __future__ import annotations

SPOKEN_TO = ("/webhooks/", "/api/", "/modules/")
"""Paths, by how they begin, to which programs send what people said."""
TYPED_INTO = ("/forms/",)
"""Where people themselves type such things: nothing is refused for its text, but for being many."""
SPARED = {
    "AWSManagedRulesCommonRuleSet": (
        "core-rule-set",
        {
            "SizeRestrictions_BODY": "SizeRestrictions_Body",
            "CrossSiteScripting_BODY": "CrossSiteScripting_Body",
            "EC2MetaDataSSRF_BODY": "EC2MetaDataSSRF_Body",
            "GenericLFI_BODY": "GenericLFI_Body",
            "GenericRFI_BODY": "GenericRFI_Body",
            "NoUserAgent_HEADER": "NoUserAgent_Header",
        },
    ),
    "AWSManagedRulesKnownBadInputsRuleSet": (
        "known-bad-inputs",
        {
            "JavaDeserializationRCE_BODY": "JavaDeserializationRCE_Body",
            "Log4JRCE_BODY": "Log4JRCE_Body",
            "ReactJSRCE_BODY": "ReactJSRCE_Body",
        },
    ),
}
"""Rules about bodies, and the one about who tells no name, as programs may. By group of AWS's: its
name in labels, and by rule the label that it leaves.

Source: "Baseline rule groups" in the AWS WAF Developer Guide.
"""
REPUTATION = "AWSManagedRulesAmazonIpReputationList"
