"""A community as a text says: each difference is a deed, and all of them or none are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from waddlebot.decisions.as_declared import as_declared, words_in_text
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.facts import compare, load_facts
from waddlebot.decisions.part_text import PartText
from waddlebot.decisions.parts import texts_of_parts
from waddlebot.domain.community_facts import Difference, FactKind, Facts
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.audit_log import last_change, who_changed_since
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

IMPORT = "import text"
UNDO = "take back text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How facts are written; `read` raises Refusal with what is wrong and where."""

    read: Callable[[str], Facts]
    write: Callable[[Facts], str]


def bring_text(
    edit: Edit, asker: Asker, *, text: str, form: TextForm, is_trial: bool = False
) -> Sequence[str]:
    """Afterwards the community is as the text says; a trial only says what would change, in words.

    Every deed is checked as if it were done by hand: the first that cannot be refuses the whole.
    """
    asker.check_everywhere(Role.OWNER)
    done = _become(edit, asker, form.read(text), form, action=IMPORT, is_trial=is_trial)
    return [one.words for one in done]


def take_back_text(
    edit: Edit, asker: Asker, *, form: TextForm, is_trial: bool = False
) -> Sequence[str]:
    """As it was before the last text was brought in; a trial only says what would change, in words.

    What others did since goes as well, and is told apart, behind what the text did.
    """
    asker.check_everywhere(Role.OWNER)
    last = last_change(edit.connection, asker.community, [IMPORT, UNDO])
    if last is None or last.action != IMPORT or not last.before:
        words = "No text was read in that could be taken back."
        raise Refusal(words, code="NOTHING_TO_UNDO")
    people = who_changed_since(edit.connection, asker.community, [IMPORT])
    wanted = form.read(str(last.before["text"]))
    done = _become(edit, asker, wanted, form, action=UNDO, is_trial=is_trial)
    return _told_apart([one.words for one in done], (last.after or {}).get("back"), people)


def _told_apart(
    words: Sequence[str], back: Sequence[str] | None, people: Sequence[str]
) -> Sequence[str]:
    """`back` are those of the text's own; the release before this one did not write them down."""
    if back is None:
        return words
    since = f"also, done since by {', '.join(people)}" if people else "also, done since"
    own = [one for one in words if one in back]
    return [*own, *(f"{since}: {one}" for one in words if one not in back)]


def _become(
    edit: Edit, asker: Asker, wanted: Facts, form: TextForm, *, action: str, is_trial: bool
) -> Sequence[Difference]:
    edit.hold(asker.community)
    facts = load_facts(edit.connection, asker.community)
    wanted = as_declared(edit, wanted, own=words_in_text(facts, wanted))
    for part in texts_of_parts().values():
        wanted = part.settle(edit, facts, wanted) if part.settle else wanted
    differences, parts = compare(facts, wanted), _parts_by_kind()
    with edit.part(is_trial=is_trial):
        for one in differences:
            _free(edit, asker, one, parts[one.kind])
        for one in differences:
            _do(edit, asker, one, parts[one.kind], wanted)
        if differences:
            back = compare(load_facts(edit.connection, asker.community), facts)
            before = {"text": form.write(facts)}
            after = {"changes": len(differences), "back": [one.words for one in back]}
            edit.note(action, "community", asker.community, before=before, after=after)
    return differences


def _parts_by_kind() -> Mapping[FactKind, PartText]:
    return {kind: part for part in texts_of_parts().values() for kind in part.deeds}


def _free(edit: Edit, asker: Asker, one: Difference, part: PartText) -> None:
    """Commands that swap their names give them up first, for one."""
    if part.free and None not in (one.before, one.after):
        part.free(edit, asker, one)


def _do(edit: Edit, asker: Asker, one: Difference, part: PartText, wanted: Facts) -> None:
    try:
        part.deeds[one.kind](edit, asker, one)
    except Refusal as refusal:
        place = one.kind.place(one.key, wanted)
        words = f"'{place}': {refusal.say}"
        raise Refusal(words, Because.WRONG, code="IMPOSSIBLE_TEXT", field=place) from refusal
