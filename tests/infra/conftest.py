"""Judges what `make synth` has just written; `make test` has nothing to judge and leaves it out.

No test imports the CDK: what counts is what stands in cdk.out/.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.profiles import PROFILES
from tests.infra.stacks import Stacks
from tests.infra.template import Template

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ROOT / "build" / "synth"

collect_ignore_glob = [] if os.environ.get("WADDLEBOT_SYNTHESIZED") else ["test_*.py"]


@pytest.fixture(scope="session")
def template() -> Template:
    return Template.written_to(ROOT / "cdk.out")


@pytest.fixture(scope="session", params=PROFILES)
def stacks(request: pytest.FixtureRequest) -> Stacks:
    """Of each profile in turn; `make synth` wrote all of them, each once."""
    return stacks_of(request.param)


@pytest.fixture(scope="session")
def all_stacks() -> dict[str, Stacks]:
    return {name: stacks_of(name) for name in PROFILES}


def stacks_of(profile: str) -> Stacks:
    chosen = profile == os.environ["WADDLEBOT_SYNTHESIZED"]
    return Stacks.written_to(ROOT / "cdk.out" if chosen else OTHERS / profile, profile)


@pytest.fixture(scope="session")
def edge_stacks() -> dict[str, Stacks]:
    """Houses with a domain (`edge_stacks.py`); `make synth` wrote them, of the functions a few."""
    profiles = {"zone": "small", "other": "standard"}
    return {name: Stacks.written_to(OTHERS / name, profile) for name, profile in profiles.items()}


@pytest.fixture(scope="session")
def written_texts() -> dict[str, str]:
    """All that is not zipped, by file name; it is read by others and uploaded."""
    return {path.name: path.read_text() for path in (ROOT / "cdk.out").glob("*.json")}


@pytest.fixture(scope="session")
def third_party() -> Path:
    """The layer's packages for this machine's CPU, so that handlers can be imported here."""
    (folder,) = (ROOT / ".venv" / "lib").glob("python3*/site-packages")
    return folder
