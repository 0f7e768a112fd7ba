"""Every Valkey key of ours, and how long it lives."""

from __future__ import annotations


def commands_version() -> str:
    """Cache: the token of the command table. Lives until evicted; missing means changed."""
    return "waddlebot:cache:router:version:commands"


def place_version(entity: str) -> str:
    """Cache: the token of the community that a place belongs to. Lives until evicted."""
    return f"waddlebot:cache:router:version:{entity}"


def command_window(community: int, person: str, command: str) -> str:
    """Limits: a person's calls of a command (sorted set). Lives a window, 60 s."""
    return f"waddlebot:rate_limit:router:{community}:{person}:{command}"


def cooldown_window(community: int, person: str, command: str) -> str:
    """Limits: a person's last call of a command (sorted set). Lives the cooldown."""
    return f"waddlebot:rate_limit:router:cooldown:{community}:{person}:{command}"


def refusal_window(community: int, person: str, command: str) -> str:
    """Limits: a refusal that was said (sorted set). Lives 60 s."""
    return f"waddlebot:rate_limit:router:refusal:{community}:{person}:{command}"


def account_window(account: str) -> str:
    """Limits: an API caller's requests (sorted set). Lives a window, 60 s."""
    return f"waddlebot:rate_limit:api:{account}"


def events_stream() -> str:
    """Streams: what is to be routed. An entry lives until it is acknowledged, then is deleted."""
    return "waddlebot:stream:events"


def replies_stream() -> str:
    """Streams: what is to be sent. An entry lives until it is sent, then is deleted."""
    return "waddlebot:stream:replies"


def dead_letters() -> str:
    """Streams: events given up, with the reason. Live until an operator replays or drops them."""
    return "waddlebot:dlq:events"


def receipt(event_id: str) -> str:
    """Streams: whose an event is and how it went (hash). Lives 1 h, renewed when found."""
    return f"waddlebot:receipt:{event_id}"


def sent_mark(reply_id: str) -> str:
    """Streams: a reply is being sent or was. Lives 1 h."""
    return f"waddlebot:sent:{reply_id}"


def session(session_id: str) -> str:
    """Cache: the entity that an API caller's session belongs to. Lives 1 h, renewed when used."""
    return f"waddlebot:session:router:{session_id}"
