"""The stand-ins' own community: their three places are one, and everyone has a role in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from local.stand_ins.people import PEOPLE
from local.stand_ins.places import PLATFORMS, StandInPlaces
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import show_overlays
from waddlebot.domain.accounts import Account
from waddlebot.domain.chat_box import ChatBox
from waddlebot.domain.entities import EntityId
from waddlebot.runtime.needs import SEAL_KEY, SEAL_KEY_BEFORE
from waddlebot.stores import valkey
from waddlebot.stores.chat_boxes import ChatBoxes
from waddlebot.stores.members import MemberRoles, Members
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing

NAME = "The Pond"


def fill_pond(values: Mapping[str, str], real: Collection[str] = ()) -> None:
    """Safe to repeat: every start does it. Nothing of it lies on a platform that is real."""
    places = StandInPlaces()
    known = [place for place in places.known() if place.platform not in real]
    if not known:
        return
    postgres = Postgres(values["DATABASE_URL"], name="local")
    with editing(postgres, Versions(valkey.connect(values["VALKEY_CACHE_URL"]))) as edit:
        pond = Places(edit).join([place.entity_id for place in known], NAME)
        if "twitch" not in real:
            home = places.home("twitch")
            Places(edit).open(home.entity_id, login=home.name)
        if not Members(postgres).with_roles(pond):  # what people changed since then stays
            if "discord" not in real:
                CommunitySettings(edit).set_moderators_channel(pond, _moderators(places))
            places_shown = [places.home(one) for one in ("discord", "slack") if one not in real]
            ChatBoxes(edit, pond).put(
                ChatBox(places=frozenset(one.entity_id for one in places_shown))
            )
            for person in PEOPLE.values():
                for platform in sorted({*PLATFORMS} - {*real}):
                    MemberRoles(edit).give(
                        pond, Account(platform, person.ids[platform]), person.role, name=person.name
                    )
    postgres.close()


def find_overlays(values: Mapping[str, str], real: Collection[str] = ()) -> Mapping[str, str]:
    """The paths of its overlays by source; none where every platform is real.

    Raises Unavailable, and Refusal where they cannot be made.
    """
    known = [place for place in StandInPlaces().known() if place.platform not in real]
    if not known:
        return {}
    postgres = Postgres(values["DATABASE_URL"], name="local")
    with editing(postgres, Versions(valkey.connect(values["VALKEY_CACHE_URL"]))) as edit:
        asker = Asker.of_the_house("local", Places(edit).open(known[0].entity_id))
        found = show_overlays(edit, asker, partial(_seal, values))
    postgres.close()
    return {one.source: one.path for one in found}


def _seal(values: Mapping[str, str]) -> Seal:
    return Seal.under(values[SEAL_KEY], before=values.get(SEAL_KEY_BEFORE, ""))


def _moderators(places: StandInPlaces) -> EntityId:
    """One channel for all three platforms, as a community would have it: on Discord."""
    found = places.find("discord", "moderators")
    if found is None:
        raise LookupError("the stand-in Discord has no moderators channel")
    return found.entity_id
