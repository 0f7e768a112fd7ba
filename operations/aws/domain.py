"""What a deploy was told of its domain, which the next one need not be told again."""

from __future__ import annotations

from collections.abc import Sequence

from waddlebot.domain.stages import EDGE_REGION

DOMAIN = "domain"


def remembered(context: Sequence[str], told_before: str) -> list[str]:
    """What `context` leaves out. Whoever tells a domain anew, or none (`domain=`), tells all."""
    names = {one.partition("=")[0] for one in context}
    if DOMAIN in names:
        return []
    return [one for one in told_before.split() if one.partition("=")[0] not in names]


def regions_of(context: Sequence[str], home: str) -> list[str]:
    """Those to which a deploy goes; `home` is the house's own."""
    has_domain = any(one.startswith(f"{DOMAIN}=") and one != f"{DOMAIN}=" for one in context)
    return list(dict.fromkeys([home, EDGE_REGION] if has_domain else [home]))
