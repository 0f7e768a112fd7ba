"""What aliases stand for, where something else that they lead to is decided."""

from __future__ import annotations

from waddlebot.domain.alias_following import with_name
from waddlebot.domain.custom_commands import custom_line
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.aliases import Aliases
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Edit

MOST_CHARACTERS = 500


def follow_renamed(edit: Edit, community: CommunityId, before: str, after: str) -> None:
    """Those that lead to a custom command lead to it by its new name, and rules that run it run it
    by that; the community is held.

    Raises Refusal: one becomes too long.
    """
    aliases = Aliases(edit, community)
    for name, text in aliases.all().items():
        following = with_name(name, text, before, after)
        if following != text:
            check_length(following)
            aliases.put(name, following, before=text)
    StringRules(edit).follow_renamed(community, custom_line(before, ""), custom_line(after, ""))


def check_length(text: str) -> None:
    """Raises Refusal: it stands for nothing, or for more than it may."""
    if not text:
        raise Refusal("Say what it stands for.", Because.WRONG, field="text")
    if len(text) > MOST_CHARACTERS:
        words = f"An alias stands for {MOST_CHARACTERS} characters at most."
        raise Refusal(words, Because.WRONG, field="text")
