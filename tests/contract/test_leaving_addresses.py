"""Every address that leaves is built in one place, of what the operator set."""

from __future__ import annotations

import pytest

from tests.contract.imports import ROOT
from tests.contract.leaving import suspects

FOLDERS = ("functions", "gateway_bot", "layers/shared/python/waddlebot", "sdk/python")
IN_LAYER = "layers/shared/python/waddlebot"
OTHERS = {
    "functions/identity/own_address.py": "who sits at this machine goes on by the name they typed",
    "functions/identity/visits.py": "sends on who typed another name, to the operator's address",
    "functions/modules/memories/typed.py": "somebody else's address, as a person typed it",
    f"{IN_LAYER}/domain/custom_fetching.py": "somebody else's address, as an admin typed it",
    f"{IN_LAYER}/domain/media_files.py": "reads how the address of a file ends",
    f"{IN_LAYER}/domain/web_addresses.py": "somebody else's address, as a person typed it",
    f"{IN_LAYER}/runtime/reach.py": "names the service that a module did not declare",
}


def test_nobody_else_puts_an_address_together_or_believes_what_a_request_says_of_it() -> None:
    found = {
        file.relative_to(ROOT).as_posix(): [f"{one.line}: {one.what}" for one in those]
        for folder in FOLDERS
        for file in sorted((ROOT / folder).rglob("*.py"))
        if (those := list(suspects(file.read_text("utf-8"))))
    }
    left = {name: lines for name, lines in found.items() if name not in OTHERS}
    assert not left, "use waddlebot.domain.public_addresses, or say here why not"
    assert found.keys() == OTHERS.keys(), "says why not for a file that has none"


@pytest.mark.parametrize(
    "line",
    [
        'f"https://{host}/signin"',
        'f"http://{host}"',
        'f"{base}/connect/{service}"',
        'base + "/overlay/" if 0 else f"{base}/overlay/{token}/ticker"',
        '"An admin lets me at /connect/slack."',
        'f"Your page is {base}/me."',
        'f"The feed is at {where}/modules/songs/feed.xml"',
        'headers.get("host", "")',
        'event["headers"]["Host"]',
        'aws_event["requestContext"]["domainName"]',
        'headers["x-forwarded-host"]',
    ],
)
def test_what_was_put_together_by_hand_is_found(line: str) -> None:
    assert list(suspects(f"def build():\n    return {line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        'public.at(f"/connect/{service}")',
        'public.at("/signin/slack/callback")',
        'HttpRoute(method="GET", path="/overlay/{token}/{source}")',
        '"GET /api/communities lists yours."',
        'f"{api}/users/@me"',
        '"https://slack.com/openid/connect/authorize"',
        "f\"<a href='/signin/{one}'>\"",
        'headers["content-type"]',
    ],
)
def test_what_is_a_path_or_somebody_elses_is_none(line: str) -> None:
    assert not list(suspects(f"def build():\n    return {line}\n"))
