"""The pages where services are connected; every word from outside is escaped."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from functions.identity.pages import STYLE_AT
from waddlebot.domain.connections import ADMIN, CHANNEL, Connection, ConnectionState
from waddlebot.platforms import find_abilities
from waddlebot.runtime import looks

_NO_ROOM = (
    "There is no room for it yet, so the bot is silent there. Whoever runs this WaddleBot can make "
    "some."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedShown:
    service: str
    name: str
    missing: Sequence[str]
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a service is asked for, and what besides, each by itself: words by scope.

    `leads_to` is where the browser goes from here.
    """

    needed: Mapping[str, str]
    optional: Mapping[str, str]
    leads_to: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What somebody who is signed in may end; `csrf` stands in every form of theirs. `waiting` are
    accounts of channels that no gateway carries."""

    connections: Sequence[Connection]
    csrf: str
    waiting: Collection[str] = ()


def connect_page(
    services: Sequence[str],
    *,
    mine: Mine | None = None,
    said: str = "",
    offers_sign_in: bool = True,
) -> str:
    """`mine` is None where nobody is signed in; without `offers_sign_in` that is not known."""
    buttons = "".join(
        f'<a class="button {escape(one)}" href="/connect/{escape(one)}">'
        f"Connect {escape(_name(one))}</a>"
        for one in services
    )
    nothing = "<p>Whoever runs this WaddleBot has not set up connecting yet.</p>"
    listed = _listed(mine) if mine or offers_sign_in else ""
    told = f'<p class="said" role="status">{escape(said)}</p>' if said else ""
    return looks.page(
        "Connect",
        f"{told}<p>WaddleBot comes to where you let it in. You need the right to add apps there."
        f"</p><nav>{buttons or nothing}</nav>{listed}",
        style_at=STYLE_AT,
    )


def offer_page(service: str, offer: Offer) -> str:
    """Before somebody leaves for the service: it asks for all of it at once."""
    needed = "".join(
        f"<li>{escape(words)} <code>{escape(scope)}</code></li>"
        for scope, words in offer.needed.items()
    )
    boxes = "".join(
        f'<li><label><input type="checkbox" name="{escape(scope)}" value="1"> {escape(words)} '
        f"<code>{escape(scope)}</code></label></li>"
        for scope, words in offer.optional.items()
    )
    name = escape(_name(service))
    return looks.page(
        f"Connect {_name(service)}",
        f"<p>{name} will ask you to allow:</p><ul>{needed}</ul>"
        f'<form method="get" action="/connect/{escape(service)}">'
        f'<p>{escape(offer.words)}</p><ul>{boxes}</ul><input type="hidden" name="go" value="1">'
        f'<nav><button class="button {escape(service)}">Go on to {name}</button></nav></form>',
        style_at=STYLE_AT,
    )


def _listed(mine: Mine | None) -> str:
    if mine is None:
        words = "to see what you connected, and to end it"
        return f'<footer><p><a href="/signin">Sign in</a> {words}.</p></footer>'
    rows = "".join(_row(one, mine) for one in mine.connections)
    return f"<h2>Yours</h2><ul>{rows}</ul>" if rows else "<p>You have connected nothing yet.</p>"


def _row(one: Connection, mine: Mine) -> str:
    name, service = escape(one.name or one.account), escape(_name(one.service))
    state = "" if one.is_connected else f" <em>{escape(one.state.value)}</em> {escape(one.why)}"
    if one.is_connected and one.kind == CHANNEL and one.account in mine.waiting:
        state = f" <em>waiting</em> {_NO_ROOM}"
    end = "" if one.state is ConnectionState.DISCONNECTED else _end_form(one, mine.csrf)
    lent = ", where it deletes in your name" if one.kind == ADMIN else ""
    return f"<li><span><b>{name}</b> on {service}{lent}{state}</span>{end}</li>"


def _end_form(one: Connection, csrf: str) -> str:
    fields = {"account": one.account, "kind": one.kind, "csrf": csrf}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return (
        f'<form method="post" action="/connect/{escape(one.service)}/end">{hidden}'
        "<button>Disconnect</button></form>"
    )


def _name(service: str) -> str:
    return find_abilities(service).name or service


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
        '<footer><p><a href="/connect">Connect another, or see how it stands</a></p></footer>',
        style_at=STYLE_AT,
    )
