"""`-c domain=bot.example.org`: the one name under which a house is reached, through CloudFront.

Beside it `-c hosted_zone=Z…`, where Route 53 keeps the name: its records are made by the deploy
then, else whoever keeps it makes them. `-c one_host=yes` has sockets at their pages' own addresses;
`-c origin_key=b` says which of the two keys CloudFront shows, `-c free_plan=no` that
`small` is to pay for what comes (docs/decisions/0125).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.public_url import told_public_url
from waddlebot.domain.yes_or_no import read_yes_or_no
from waddlebot.runtime.origin_door import ORIGIN_KEYS

if TYPE_CHECKING:
    from constructs import Construct

_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_ZONE = re.compile(r"Z[A-Z0-9]{1,31}")
_KEYS = dict(zip("ab", ORIGIN_KEYS, strict=True))
ORIGIN, SOCKETS, MEDIA = "origin", "sockets", "media"
LONGEST_NAME = 64 - len(f"{SOCKETS}.")
"""Characters: a certificate has at most 64 in its first name."""


OF_DOMAIN = ("public_url", "domain", "hosted_zone", "one_host", "origin_key", "free_plan")
"""What `-c` may say of it."""


class DomainWrong(ValueError):
    """The sentence says how it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeDomain:
    """`zone` is the id of the hosted zone, empty where the name is kept elsewhere; `key` is the
    secret whose value CloudFront shows to functions.
    """

    name: str
    zone: str = ""
    one_host: bool = False
    free_plan: bool = True
    key: str = ORIGIN_KEYS[0]

    @property
    def told(self) -> str:
        """As it stands behind `context=`."""
        words = {
            "domain": self.name,
            "hosted_zone": self.zone,
            "one_host": "1" if self.one_host else "",
            "origin_key": next(key for key, name in _KEYS.items() if name == self.key),
            "free_plan": "" if self.free_plan else "0",
        }
        return " ".join(f"{name}={value}" for name, value in words.items() if value)

    @property
    def public_url(self) -> str:
        return f"https://{self.name}"

    @property
    def origin(self) -> str:
        """Where CloudFront finds the HTTP API; API Gateway knows it by that name alone."""
        return f"{ORIGIN}.{self.name}"

    @property
    def sockets(self) -> str:
        """Where it finds the sockets: a name leads to APIs of one kind."""
        return f"{SOCKETS}.{self.name}"

    @property
    def media(self) -> str:
        """Where files are served, and nothing else: no page of ours is of that origin."""
        return f"{MEDIA}.{self.name}"

    @property
    def media_address(self) -> str:
        return f"https://{self.media}"

    @property
    def all_below(self) -> str:
        """What certificates have beside the name: it is proven by the same record."""
        return f"*.{self.name}"


def chosen_domain(scope: Construct) -> EdgeDomain | None:
    """None where none is told. Raises DomainWrong."""
    return domain_in({name: scope.node.try_get_context(name) for name in OF_DOMAIN})


def domain_in(told: Mapping[str, object]) -> EdgeDomain | None:
    """The same of values as cdk.json has them, where `false` is a value too. Raises DomainWrong."""
    return told_domain(
        **{name: "" if value is None else str(value).strip() for name, value in told.items()}
    )


def told_domain(
    *,
    domain: str,
    hosted_zone: str = "",
    one_host: str = "",
    origin_key: str = "",
    free_plan: str = "",
    public_url: str = "",
) -> EdgeDomain | None:
    """As `-c` has them. Raises DomainWrong."""
    if not domain:
        _refuse_alone(
            hosted_zone=hosted_zone, one_host=one_host, origin_key=origin_key, free_plan=free_plan
        )
        return None
    if not _NAME.fullmatch(domain) or len(domain) > LONGEST_NAME:
        raise DomainWrong(
            f"domain, {domain[:100]!r}, is no name of ours: write it as bot.example.org, in small "
            f"letters and with at most {LONGEST_NAME} of them."
        )
    if hosted_zone and not _ZONE.fullmatch(hosted_zone):
        raise DomainWrong(
            f"hosted_zone, {hosted_zone[:100]!r}, is no id of Route 53's: it begins with a Z; "
            "`aws route53 list-hosted-zones` prints them."
        )
    if origin_key and origin_key not in _KEYS:
        raise DomainWrong(f"origin_key is a or b, not {origin_key[:20]!r}.")
    found = EdgeDomain(
        name=domain,
        zone=hosted_zone,
        one_host=_switch("one_host", one_host, usual=False),
        free_plan=_switch("free_plan", free_plan, usual=True),
        key=_KEYS[origin_key or "a"],
    )
    if public_url and told_public_url(public_url) != found.public_url:
        raise DomainWrong(
            f"public_url follows from domain: leave it out, it is {found.public_url}."
        )
    return found


def _switch(name: str, told: str, *, usual: bool) -> bool:
    """Raises DomainWrong: what is neither would be taken for one of them in silence."""
    is_on = read_yes_or_no(told) if told else usual
    if is_on is None:
        other = "no" if usual else "yes"
        raise DomainWrong(
            f"{name} is yes or no, not {told[:20]!r}. Without it, it is "
            f"{'yes' if usual else 'no'}; write {name}={other} for the other."
        )
    return is_on


def _refuse_alone(**told: str) -> None:
    """Raises DomainWrong: what belongs to a domain would be left out in silence."""
    for name, value in told.items():
        if value:
            raise DomainWrong(f"{name} belongs to a domain: tell it with domain=bot.example.org.")
