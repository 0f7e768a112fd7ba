"""What people see: plain pages without scripts; every word from outside is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from waddlebot.domain.overlays import IN_OBS
from waddlebot.platforms import find_abilities
from waddlebot.runtime import looks
from waddlebot.stores.identities import Identity

STYLE_AT = "/me/page.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingShown:
    """In one community: what a person is there, and has."""

    community: str
    role: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlaysShown:
    """Of a community that this person may manage: `addresses` by source, or why there are none."""

    community: str
    addresses: Mapping[str, str] = field(repr=False)
    why_none: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """`me` is the account of this login; `others` are one person with it."""

    me: Identity
    others: Sequence[Identity]
    standings: Sequence[StandingShown]
    overlays: Sequence[OverlaysShown]
    platforms: Sequence[str]
    csrf: str


def sign_in_page(platforms: Sequence[str], *, said: str = "") -> str:
    buttons = "".join(
        f'<a class="button {escape(one)}" href="/signin/{escape(one)}">'
        f"Sign in with {escape(_name(one))}</a>"
        for one in platforms
    )
    nothing = "<p>Whoever runs this WaddleBot has not set up signing in yet.</p>"
    return _page(
        "Sign in",
        f"{_said(said)}<p>WaddleBot asks who you are, and nothing else: no e-mail address, and "
        f"no token is kept.</p><nav>{buttons or nothing}</nav>",
    )


def me_page(who: Me, *, said: str = "") -> str:
    accounts = "".join(_account(one, who) for one in (who.me, *who.others))
    linked = {one.platform for one in (who.me, *who.others)}
    more = "".join(
        f'<a class="button {escape(one)}" href="/signin/{escape(one)}?link=1">'
        f"Link {escape(_name(one))}</a>"
        for one in who.platforms
        if one not in linked
    )
    rows = "".join(
        f"<tr><td>{escape(one.community)}</td><td>{escape(one.role)}</td>"
        f"<td class=number>{one.points:,}</td></tr>"
        for one in who.standings
    )
    table = (
        f"<table><thead><tr><th>Community<th>Role<th class=number>Points</thead>{rows}</table>"
        if rows
        else "<p>Nothing was counted for you yet. Say hello in a channel with WaddleBot.</p>"
    )
    return _page(
        f"{who.me.name}",
        f"{_said(said)}<h2>Accounts</h2><ul>{accounts}</ul><nav>{more}</nav>"
        f"<h2>Communities</h2>{table}{_overlays(who.overlays)}"
        f"<footer>{_form('/me/signout', 'Sign out', who.csrf)}"
        "<p>What is kept about you, and how to have it erased: mention WaddleBot and write "
        "<code>privacy</code>.</p></footer>",
    )


def _overlays(shown: Sequence[OverlaysShown]) -> str:
    """Each is folded: whoever shows their screen shows no address by coming here."""
    if not shown:
        return ""
    return (
        f"<h2>For OBS</h2><p>{escape(IN_OBS)} Whoever has an address sees what you show: open one "
        "where nobody looks on.</p>" + "".join(map(_overlays_of, shown))
    )


def _overlays_of(one: OverlaysShown) -> str:
    rows = "".join(
        f"<details><summary>{escape(source)}</summary><code>{escape(address)}</code></details>"
        for source, address in one.addresses.items()
    )
    why = f"<p>{escape(one.why_none)}</p>" if one.why_none else ""
    return f"<h3>{escape(one.community)}</h3>{rows}{why}"


def _account(one: Identity, who: Me) -> str:
    is_me = one.key == who.me.key
    note = " <em>signed in</em>" if is_me else ""
    unlink = (
        _form("/me/unlink", "Unlink", who.csrf, platform=one.platform)
        if who.others and not is_me
        else ""
    )
    name = escape(_name(one.platform))
    return f"<li><span><b>{escape(one.name)}</b> on {name}{note}</span>{unlink}</li>"


def _form(action: str, words: str, csrf: str, **fields: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {**fields, "csrf": csrf}.items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{hidden}'
        f"<button>{escape(words)}</button></form>"
    )


def _said(words: str) -> str:
    return f'<p class="said" role="status">{escape(words)}</p>' if words else ""


def _name(platform: str) -> str:
    return find_abilities(platform).name or platform


def _page(title: str, body: str) -> str:
    return looks.page(title, body, style_at=STYLE_AT)
