"""Every deed of a community has a door, and nothing decides past the floor of decisions."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.contract.deeds import DECISIONS, deeds, doors
from tests.contract.imports import ROOT
from tests.contract.wrongs import HAVE_NO_WRONG_INPUT, WRONGS
from tests.helpers.trees import nodes_of
from waddlebot.decisions import parts
from waddlebot.decisions.parts import rows_of_parts, texts_of_parts

# What makes changes for a community without deciding anything.
WRITERS = {
    *("Places", "CommunityNames", "MemberRoles", "CommunitySettings", "Switches", "CommandRights"),
    *("CommandLimits", "StringRules", "Labels", "Invites", "Aliases"),
    *("AlertRules", "Goals", "InstalledModules", "CommunityMedia"),
}
DECIDE_NOTHING = {
    "functions/builtins/talking/hello.py": "greeting is no decision",
    "functions/builtins/moderating/moderation.py": "it notes that people were told",
    "functions/builtins/community/community.py": "it reads which homes there are",
    "functions/identity/keeping.py": "a grant founds a community, as a first line does",
    "functions/operations/rules.py": "an operator undoes a rule of any community",
}


def test_every_deed_has_a_door_and_is_tried_with_six_wrong_inputs() -> None:
    assert deeds()
    assert {deed for deed, _ in doors()} == deeds(), "a deed without a door, or one unknown"
    assert {*WRONGS, *HAVE_NO_WRONG_INPUT} == deeds()
    assert not WRONGS.keys() & HAVE_NO_WRONG_INPUT.keys()
    assert {deed for deed, wrongs in WRONGS.items() if len(wrongs) < 6} == set()


def test_every_door_of_a_deed_is_tried_with_wrong_inputs() -> None:
    tried = {
        (deed, door)
        for deed, wrongs in WRONGS.items()
        for door in ("chat", "api", "text")
        if any(getattr(wrong, door) is not None for wrong in wrongs)
    }
    # A text takes back by leaving out, in which nothing can be wrong.
    taken_back = {
        (deed, "text")
        for deed in (
            *("turn_off_rule", "drop_label", "take_label", "remove_module"),
            *("remove_alias", "remove_custom", "reset_alerts"),
        )
    }
    # In these nothing can be typed wrong that the platform or the other doors do not say first.
    never_wrong = {("set_quiet", "chat"), ("recolor_label", "text")}
    there = {(deed, door) for deed, door in doors() if deed in WRONGS}
    assert there - tried == (taken_back | never_wrong) & there


def test_every_part_of_a_community_is_on_the_list_and_has_its_files() -> None:
    [home] = parts.__path__
    folders = {one.parent for one in Path(home).glob("*/__init__.py")}
    assert {one.name for one in folders} == {*parts.PARTS}
    assert rows_of_parts().keys() == texts_of_parts().keys() == {*parts.PARTS}
    for folder in folders:
        files = {file.stem for file in folder.glob("*.py")}
        assert {"rows", "deeds", "text"} <= files, folder


def test_what_a_community_decides_is_changed_by_deeds_alone() -> None:
    for file in sorted((ROOT / "functions").rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        made = {
            node.func.id
            for node in nodes_of(file)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not made & WRITERS or path in DECIDE_NOTHING, f"{path} decides past {DECISIONS}"
