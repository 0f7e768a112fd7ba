"""What people look up is there: links lead somewhere, and each variable has its line."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from dotenv import dotenv_values

from tests.helpers.servers import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
VARIABLE = re.compile(r"`([A-Z][A-Z0-9]+_[A-Z0-9_]+)`")
LOOKED_UP = ("commands", "rules", "communities", "connecting", "api", "running", "operating")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, heading in LINK.findall(page.read_text()):
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{path} is not there"
        if heading:
            assert heading in headings(to), f"{path} has no heading #{heading}"


def headings(page: Path) -> set[str]:
    """As they are addressed: small letters, no punctuation, hyphens for blanks."""
    kept = string.ascii_lowercase + string.digits + "-_ "
    lines = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {"".join(one for one in line.lower() if one in kept).replace(" ", "-") for line in lines}


def test_the_readme_leads_to_what_people_look_for() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in LOOKED_UP if f"(docs/{name}.md)" not in readme]
    assert (missing, "(SECURITY.md)" in readme, "(.env.example)" in readme) == ([], True, True)


def test_the_example_has_every_variable_of_the_readme_and_no_value() -> None:
    example = dotenv_values(ROOT / ".env.example")
    table = re.search(r"\| variable \|.*?\n\n", (ROOT / "README.md").read_text(), re.DOTALL)
    assert table
    assert {*VARIABLE.findall(table[0])} <= {*example}
    assert not any(example.values())
