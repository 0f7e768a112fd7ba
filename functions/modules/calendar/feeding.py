"""Events in people's own calendars: the address is said, and what is read there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.modules.calendar import refusals, texts
from functions.modules.calendar.commands import long_form
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.people import asking_guest
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, WebAnswer, WebRequest, command

PAST = timedelta(days=90)
MOST_EVENTS, MOST_BYTES = 500, 900_000
"""An address answers a megabyte at most."""


@command(
    "event feed [new]",
    "Get an address for your calendar; new ends the one before.",
    example="event feed",
    also=long_form("feed"),
    per_minute=5,
    private=True,
    completes={"new": ("new",)},
)
def feed(call: Call, gatherings: Gatherings) -> Answer:
    word = call.arguments.get("new", "").lower()
    if word not in {"", "new"}:
        raise NotUnderstood(refusals.no_feed())
    person, community = asking_guest(call), call.community
    given = gatherings.feeds.give(
        community.id, community.name, person.platform, person.id, anew=word == "new"
    )
    return Chat(texts.feed(call.address(f"feed/{given.token}.ics")), secret=True)


def read(request: WebRequest, gatherings: Gatherings) -> WebAnswer:
    """All that is planned; `?mine=1` is what its person comes to."""
    from functions.modules.calendar.icalendar_feed import write  # heavy, and chat needs none of it

    found = gatherings.feeds.find(request.path["token"].removesuffix(".ics"))
    if found is None:
        return WebAnswer(status=404, text=texts.no_such_feed())
    since = datetime.now(UTC) - PAST
    person = (found.platform, found.user_id) if request.query.get("mine") else None
    planned = gatherings.for_feed(found.community, since=since, limit=MOST_EVENTS, person=person)
    text = write(found.community_name, planned, most_bytes=MOST_BYTES)
    return WebAnswer(text=text, content_type="text/calendar; charset=utf-8")


COMMANDS = (feed,)
