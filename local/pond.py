"""The stand-ins' own community: their three places are one, and everyone has a role in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from local.stand_ins.people import PEOPLE
from local.stand_ins.places import PLATFORMS, Places
from waddlebot.domain.entities import EntityId
from waddlebot.stores import valkey
from waddlebot.stores.communities import Communities
from waddlebot.stores.members import Members
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

NAME = "The Pond"


def fill_pond(values: Mapping[str, str], real: Collection[str] = ()) -> None:
    """Safe to repeat: every start does it. Nothing of it lies on a platform that is real."""
    places = Places()
    known = [place for place in places.known() if place.platform not in real]
    if not known:
        return
    postgres = Postgres(values["DATABASE_URL"], name="local")
    with editing(postgres, Versions(valkey.connect(values["VALKEY_CACHE_URL"]))) as edit:
        communities = Communities(edit)
        pond = communities.join([place.entity_id for place in known], NAME)
        if "twitch" not in real:
            home = places.home("twitch")
            communities.open_place(home.entity_id, login=home.name)
        if not Members(postgres).with_roles(pond):  # what people changed since then stays
            if "discord" not in real:
                communities.set_moderators_channel(pond, _moderators(places))
            for person in PEOPLE.values():
                for platform in sorted({*PLATFORMS} - {*real}):
                    communities.set_member_role(
                        pond, platform, person.ids[platform], person.role, name=person.name
                    )
        communities.set_overlay_token(pond, values["OVERLAY_TOKEN"])
    postgres.close()


def _moderators(places: Places) -> EntityId:
    """One channel for all three platforms, as a community would have it: on Discord."""
    found = places.find("discord", "moderators")
    if found is None:
        raise LookupError("the stand-in Discord has no moderators channel")
    return found.entity_id
