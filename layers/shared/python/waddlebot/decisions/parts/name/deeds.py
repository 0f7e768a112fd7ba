"""A community is called otherwise."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_words import COMMUNITY_NAME
from waddlebot.stores.community_names import CommunityNames
from waddlebot.stores.places import Places
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


def name_community(edit: Edit, asker: Asker, *, name: str) -> str:
    """The name as it stands now. What nobody named is called by its home."""
    asker.check_everywhere(Role.OWNER)
    read = " ".join(name.split())
    is_its_home = Places(edit).home_of(asker.community) == read
    if not is_its_home and not COMMUNITY_NAME.fullmatch(read):
        words = "A name is 3 to 60 letters, digits, spaces and signs such as - or &."
        raise Refusal(words, Because.WRONG, code="INVALID_NAME", field="name")
    if not CommunityNames(edit).rename(asker.community, read):
        raise Refusal(f"There is a community called {read} already.", code="NAME_TAKEN")
    return read
