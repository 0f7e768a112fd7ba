"""Events in people's own calendars: the address is said, and what is read there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions.modules.calendar import refusals, texts
from functions.modules.calendar.commands import long_form
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.people import asking_guest
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, WebAnswer, WebRequest, command

PAST = timedelta(days=90)
MOST_EVENTS = 500


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
    planned = gatherings.for_feed(found.community, since=since, limit=MOST_EVENTS)
    if request.query.get("mine"):
        answers = gatherings.guests.list_of(found.community, found.platform, found.user_id)
        mine = {one.event_id for one in answers if one.coming.is_coming}
        planned = [one for one in planned if one.id in mine]
    text = write(found.community_name, planned)
    return WebAnswer(text=text, content_type="text/calendar; charset=utf-8")


COMMANDS = (feed,)
