"""Houses side by side in one account: what a stage is called, and how large it is."""

from __future__ import annotations

import re

STAGES = re.compile(r"[a-z][a-z0-9]{0,15}")
"""Names of functions, roles, groups and secrets carry it, and have an end."""
SIZES = "small", "standard", "large"
"""The profiles, the smallest first (`infra/profiles.py`)."""

EDGE_REGION = "us-east-1"
"""Where certificates and web ACLs of CloudFront are, wherever the house is."""
BOUNDARY = "waddlebot-boundary"
"""What no role of any house of an account goes beyond: a policy of IAM."""
DEPLOYER = "waddlebot-deployer"
"""What the role that deploys them may do at most."""


def wrong_stage(name: str) -> str:
    """A sentence; empty where it may be called so."""
    if STAGES.fullmatch(name):
        return ""
    return f"'{name[:80]}' is no stage: at most 16 small letters and digits, such as production."


def profile_parameter(stage: str) -> str:
    """Of SSM: as what its data was deployed last."""
    return f"/waddlebot/{stage}/data/profile"


def database_parameter(stage: str) -> str:
    """Of SSM: the host of the database that takes writes, past a proxy."""
    return f"/waddlebot/{stage}/data/database/direct"


def domain_parameter(stage: str) -> str:
    """Of SSM: what its last deploy was told of its domain, as stands behind `context=`."""
    return f"/waddlebot/{stage}/functions/domain"


def moves_streams(profile: str, before: str) -> bool:
    """Whether what waits would stay behind: `large` has its streams in shards, on other servers."""
    known = {profile, before} <= set(SIZES)
    return known and (profile == SIZES[-1]) != (before == SIZES[-1])


def is_smaller(profile: str, than: str) -> bool:
    """Of two that are known; else not."""
    known = {profile, than} <= set(SIZES)
    return known and SIZES.index(profile) < SIZES.index(than)
