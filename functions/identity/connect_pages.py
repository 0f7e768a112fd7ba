"""The pages where services are connected; every word from outside is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from functions.identity.pages import STYLE_AT
from waddlebot.platforms import find_abilities
from waddlebot.runtime import looks


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedShown:
    service: str
    name: str
    missing: Sequence[str]
    next_step: str


def connect_page(services: Sequence[str], *, said: str = "") -> str:
    buttons = "".join(
        f'<a class="button {escape(one)}" href="/connect/{escape(one)}">'
        f"Connect {escape(find_abilities(one).name or one)}</a>"
        for one in services
    )
    nothing = "<p>Whoever runs this WaddleBot has not set up connecting yet.</p>"
    told = f'<p class="said" role="status">{escape(said)}</p>' if said else ""
    return looks.page(
        "Connect",
        f"{told}<p>WaddleBot comes to where you let it in. You need the right to add apps there."
        f"</p><nav>{buttons or nothing}</nav>",
        style_at=STYLE_AT,
    )


def connected_page(connected: ConnectedShown) -> str:
    lacks = ""
    if connected.missing:
        lacks = (
            f'<p class="said" role="status">{escape(connected.service)} did not give '
            f"{escape(', '.join(connected.missing))}: what needs that does not work. Give the app "
            "these scopes, and connect again.</p>"
        )
    return looks.page(
        f"{connected.name} is connected",
        f"{lacks}<p>WaddleBot is in <b>{escape(connected.name)}</b> on "
        f"{escape(connected.service)}.</p><p>{escape(connected.next_step)}</p>"
        '<footer><p><a href="/connect">Connect another</a></p></footer>',
        style_at=STYLE_AT,
    )
