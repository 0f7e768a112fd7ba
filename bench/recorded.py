"""What the platforms really send, through the doors of a running house, signed anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bench.house import House, ask
from local.settings import ROOT
from local.stand_ins.discord.interactions import sign as sign_discord
from local.stand_ins.slack.payloads import sign as sign_slack
from local.stand_ins.twitch.payloads import sign as sign_twitch
from local.stand_ins.webhooks import Attempt
from operations.classify import Case, load_cases

INDEX = ROOT.parent / "shared" / "fixtures" / "platform_payloads" / "index.json"
"""Beside the repository where somebody has it; nothing here needs it."""
_ENVELOPE = (
    "Twitch-Eventsub-Message-Id",
    "Twitch-Eventsub-Message-Type",
    "Twitch-Eventsub-Subscription-Type",
    "Twitch-Eventsub-Subscription-Version",
)


def replay_recorded(house: House, index: Path = INDEX) -> Counter[int]:
    """How often each status was answered; empty where there is nothing recorded."""
    if not index.exists():
        return Counter()
    keys = house.keys
    cases = [case for case in load_cases(index) if case.transport == "webhook" and case.headers]
    with house.connect() as connection:
        return Counter(
            ask(connection, "POST", f"/webhooks/{case.platform}", case.body, _signed(case, keys))[0]
            for case in cases
        )


def _signed(case: Case, keys: Mapping[str, str]) -> Mapping[str, str]:
    """With this house's keys and now; the rest of the headers as recorded."""
    if case.platform == "discord":
        return sign_discord(keys["DISCORD_STAND_IN_PRIVATE_KEY"], case.body, Attempt())
    if case.platform == "slack":
        kind = case.headers.get("content-type", "application/json")
        return sign_slack(keys["SLACK_SIGNING_SECRET"], case.body, Attempt(), kind)
    envelope = {name: case.headers.get(name.lower(), "") for name in _ENVELOPE}
    return sign_twitch(keys["TWITCH_EVENTSUB_SECRET"], case.body, Attempt(), envelope)
