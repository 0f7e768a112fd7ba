"""What people look up is there: links lead somewhere, and each variable has its line."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dotenv import dotenv_values

from functions.modules import HOUSE
from tests.helpers.servers import ROOT

PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
VARIABLE = re.compile(r"`([A-Z][A-Z0-9]+_[A-Z0-9_]+)`")
LOOKED_UP = ("commands", "rules", "communities", "connecting", "api", "running", "operating")


def test_every_link_leads_somewhere() -> None:
    found = [link for page in PAGES for link in links_of(page)]
    lost = [f"{link.page.relative_to(ROOT)}: {link.why_lost}" for link in found if link.why_lost]
    assert len(found) > len(PAGES)
    assert lost == [], "\n".join(lost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    page: Path
    path: str
    heading: str

    @property
    def why_lost(self) -> str:
        to = (self.page.parent / self.path).resolve() if self.path else self.page
        if not to.exists():
            return f"{self.path} is not there"
        if self.heading and self.heading not in headings(to):
            return f"{self.path} has no heading #{self.heading}"
        return ""


def links_of(page: Path) -> list[Link]:
    return [
        Link(page=page, path=path, heading=heading)
        for path, heading in LINK.findall(page.read_text())
    ]


@cache
def headings(page: Path) -> set[str]:
    """As they are addressed: small letters, no punctuation, hyphens for blanks."""
    kept = string.ascii_lowercase + string.digits + "-_ "
    lines = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {"".join(one for one in line.lower() if one in kept).replace(" ", "-") for line in lines}


def test_the_readme_leads_to_what_people_look_for() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in LOOKED_UP if f"(docs/{name}.md)" not in readme]
    assert (missing, "(SECURITY.md)" in readme, "(.env.example)" in readme) == ([], True, True)


def test_every_command_that_the_readme_shows_is_one() -> None:
    readme, page = ((ROOT / name).read_text() for name in ("README.md", "docs/commands.md"))
    words = {re.split(r" [<\[]", one)[0] for one in re.findall(r"`(![^`]+)`", page)}
    shown = re.findall(r"`(![^`]+)`", readme)
    unknown = [one for one in shown if not any(f"{one} ".startswith(f"{a} ") for a in words)]
    assert len(shown) > 20
    assert unknown == []


def test_every_module_of_the_house_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name for name in HOUSE if f"(functions/modules/{name}/README.md)" not in readme] == []


def test_the_example_has_every_variable_of_the_readme_and_no_value() -> None:
    example = dotenv_values(ROOT / ".env.example")
    table = re.search(r"\| variable \|.*?\n\n", (ROOT / "README.md").read_text(), re.DOTALL)
    assert table
    assert {*VARIABLE.findall(table[0])} <= {*example}
    assert not any(example.values())
