import re

from waddlebot.platforms.abilities import Abilities

MODERATORS = "moderators"
"""The kind of a place: wherever those who moderate a server surely look."""
PERSON = "person"
"""The kind of a place: direct messages with one person, by their id."""

ABILITIES = Abilities(
    name="Discord",
    most_characters=2000,
    most_messages=2,
    deletes_messages=True,
    times_out=True,
    bans=True,
    kicks=True,
    reacts=True,
    private_replies=True,
    dresses_lists=True,
    has_buttons=True,
    place_sign="#",
    has_own_names=True,
    asks_standing_with="ask-discord",
    account_id=re.compile(r"\d{15,20}", re.ASCII),
    person=re.compile(r"<@!?(\d{5,20})>|(\d{15,20})", re.ASCII),
    moderators_of=(re.compile(r"discord:server:(\w+)", re.ASCII), rf"discord:{MODERATORS}:\1"),
    alone_with=f"discord:{PERSON}:{{}}",
)
