"""The addresses for OBS of the communities that whoever is signed in may manage."""

from __future__ import annotations

from collections.abc import Mapping

from functions.identity.pages import OverlaysShown
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import find_overlays
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import is_like_a_home
from waddlebot.domain.errors import Refusal
from waddlebot.domain.overlays import OverlaySource
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.runtime.resources import Resources
from waddlebot.stores.memberships import Membership, Whose, memberships_of
from waddlebot.stores.own_words import read_words
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

MOST = 20
NO_NAME = "a community without a name"


def overlays_of(resources: Resources, me: Account, here: PublicAddress) -> list[OverlaysShown]:
    """By the communities' names, as many as one page holds; `here` is where it is looked at.

    Raises Unavailable.
    """
    there = memberships_of(resources.postgres, Whose(me), most=MOST)
    return [_shown(resources, me, one, here) for one in there if one.role.covers(Role.MODERATOR)]


def _shown(
    resources: Resources, me: Account, one: Membership, here: PublicAddress
) -> OverlaysShown:
    name = NO_NAME if is_like_a_home(one.name) else one.name
    asker = Asker.over_the_api(me.key, one.community, one.role)
    addresses: Mapping[str, str] = {}
    why = ""
    try:
        with editing(resources.postgres, Versions(resources.cache), by=me.key) as edit:
            found = find_overlays(edit, asker, lambda: resources.seal_or_lost)
        addresses = {address.source: _named(here.at(address.path)) for address in found}
        why = _missing(addresses)
    except Refusal as refusal:
        why = refusal.say
    if why:
        why = read_words(resources.postgres, one.community).reword(why)
    return OverlaysShown(community=name, addresses=addresses, why_none=why)


def _missing(addresses: Mapping[str, str]) -> str:
    """How to get what is not there; empty where all are. To read makes none: with the first address
    of `general` alerts begin.
    """
    missing = [source for source in OverlaySource if source not in addresses]
    if not missing:
        return ""
    how = say_command("overlay" if len(missing) > 1 else f"overlay {missing[0]}")
    if not addresses:
        return f"There are no addresses yet. Make them in chat, as a moderator: {how}"
    names = " and ".join(missing)
    return f"There is no address of {names} yet. Make it in chat, as a moderator: {how}"


def _named(address: str) -> str:
    """Players take the name of this machine for the page around them, and no number."""
    return address.replace("//127.0.0.1:", "//localhost:", 1)
