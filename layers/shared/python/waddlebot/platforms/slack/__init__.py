import re

from waddlebot.platforms.abilities import Abilities

OWNERS = "owners"
"""The kind of a place: a direct message with whoever owns a workspace."""

ORGANISATION = "enterprise:"
"""Before the id of an organisation, whose one token is good in each of its workspaces."""

# A bot's token cannot delete other people's messages (chat.delete: cant_delete_message), a person's
# can what that person can.
# 4000 characters are advised for a text, 3000 are the most in a section.
ABILITIES = Abilities(
    name="Slack",
    most_characters=3000,
    most_messages=2,
    deletes_for_admins=True,
    reacts=True,
    private_replies=True,
    dresses_lists=True,
    has_buttons=True,
    has_finders=True,
    place_sign="#",
    capital_names=True,
    account_id=re.compile(r"[UW](?=[A-Z]*\d)[A-Z0-9]{4,20}", re.ASCII),
    person=re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^<>|]*)?>", re.ASCII),
    asks_with="ask-slack",
    moderators_of=(re.compile(r"slack:server:(\w+)", re.ASCII), rf"slack:{OWNERS}:\1"),
    nameless_channel=re.compile(r"<#([CDG][A-Z0-9]{2,20})\|?>", re.ASCII),
)
