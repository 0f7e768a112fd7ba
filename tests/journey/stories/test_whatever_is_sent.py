"""Whatever anybody sends to an address of the API, it is answered as its description says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.house import ROOT, House
from tests.helpers.house_modules import python_path

pytestmark = pytest.mark.xdist_group("houses for one story")

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
AT = "/api/communities"
SECONDS = 900
"""A quiet machine takes a tenth of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Somebody goes along the description: `more` says how far."""

    who: str
    key: str
    more: tuple[str, ...]


def test_no_address_fails_and_every_answer_is_as_described(house: House, tmp_path: Path) -> None:
    """The last of the stories: what is made up changes whatever an operator may change."""
    ours, theirs = founded(house)
    operator = key_of(house, "operator", kind="admin")
    before = text_of(house, theirs, operator)

    told = walked(house, walks(house, ours, operator), tmp_path, ours, theirs)

    assert not told, "\n".join(told)
    assert text_of(house, theirs, operator) == before
    assert house.ask("GET", "/health")[0] == 200


def walks(house: House, ours: Tenant, operator: str) -> list[Walk]:
    """Each address is tried in every way by one who may, and a few times by those who may not."""
    in_every_way = ("--phases", "examples,coverage,fuzzing", "-n", "3")
    a_few_times = ("--phases", "examples,fuzzing", "-n", "2")
    communities = ("--include-path-regex", f"^{AT}")
    all_else = ("--exclude-path-regex", f"^{AT}")
    owner, user = (
        key_of(house, f"of-{role}", kind="module", community=ours.name, role=role)
        for role in ("owner", "user")
    )
    return [
        Walk(who="an operator", key=operator, more=(*in_every_way, *all_else)),
        Walk(who="an owner of one community", key=owner, more=(*in_every_way, *communities)),
        Walk(who="an owner elsewhere", key=owner, more=(*a_few_times, *all_else)),
        Walk(who="a member of one community", key=user, more=a_few_times),
        Walk(who="nobody", key="", more=(*a_few_times, "--mode", "positive")),
    ]


def founded(house: House) -> tuple[Tenant, Tenant]:
    """Two communities, each with a place, a label and a rule."""
    for name in ("Penguins", "Gulls"):
        channel = f"twitch:channel:{name.lower()}"
        for line in (
            f"!community name {name}",
            "!labels make regular",
            "!rules add contains herring warn",
            "!limits set !quote 3 in 1m",
        ):
            body = {
                "message_type": "chatMessage",
                "entity_id": channel,
                "user_id": "9000001",
                "username": "olga",
                "message": line,
                "roles": ["owner"],
            }
            status, answer = house.api(body)
            assert status == 200, answer
    told = house.get(AT, authorization=f"Bearer {house.keys['WADDLEBOT_API_KEY']}")["data"]
    found = {one["name"]: Tenant(id=one["id"], name=one["name"]) for one in told}
    return found["Penguins"], found["Gulls"]


def key_of(house: House, account: str, **more: Any) -> str:
    body = {"account": f"walk-{account}", "per_minute": 100_000, **more}
    status, answer = house.api(body, path="/api/operations/keys")
    assert status == 200, answer
    return str(answer["key"])


def text_of(house: House, tenant: Tenant, key: str) -> str:
    """What the community decided, all of it."""
    told: dict[str, Any] = house.get(f"{AT}/{tenant.id}/text", authorization=f"Bearer {key}")
    assert told["success"], told
    return str(told["data"]["text"])


def walked(
    house: House, walks: list[Walk], folder: Path, ours: Tenant, theirs: Tenant
) -> list[str]:
    """What was wrong, with who found it."""
    (folder / "schemathesis.toml").write_text(
        f'[parameters]\n"path.community" = [{ours.id}, {theirs.id}, 0]\n'
    )
    ran = subprocess.run(
        [sys.executable, "-m", "tests.journey.stories.walkers"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": python_path(ROOT)},
        input=json.dumps([words_of(house, walk) for walk in walks]),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    told = zip(walks, json.loads(ran.stdout), strict=True)
    return [f"{walk.who}:\n{said}" for walk, said in told if said]


def words_of(house: House, walk: Walk) -> list[str]:
    """As they are typed."""
    headers = ("-H", f"X-API-Key: {walk.key}") if walk.key else ()
    return [
        f"{house.url}/api/openapi.json",
        *("--url", house.url, *headers, "--checks", ",".join(CHECKS), *walk.more),
        *("--generation-deterministic", "--continue-on-failure", "--warnings", "off"),
        *("--no-color", "--output-sanitize", "false"),
    ]
