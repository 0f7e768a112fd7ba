import re

from waddlebot.domain.message_parts import utf16_length
from waddlebot.platforms.abilities import Abilities

WHISPERS = "whisper-"
"""Before a person's id it is the place where that person and the bot whisper."""

# One message a second in a channel where the bot is no moderator: few parts.
ABILITIES = Abilities(
    name="Twitch",
    most_characters=500,
    most_messages=3,
    measure=utf16_length,  # nobody says which: the longer one
    deletes_messages=True,
    times_out=True,
    bans=True,
    announces=True,
    shouts_out=True,
    sets_stream=True,
    private_replies=True,
    has_own_names=True,
    account_id=re.compile(r"\d{1,20}", re.ASCII),
    person=re.compile(r"@?([A-Za-z0-9_]{1,25})", re.ASCII),
    by_login=True,
    small_names=True,
    # A channel bears its streamer's id.
    moderators_of=(re.compile(r"twitch:channel:(\d+)", re.ASCII), rf"twitch:channel:{WHISPERS}\1"),
    alone_with=f"twitch:channel:{WHISPERS}{{}}",
)
