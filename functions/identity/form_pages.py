"""A form as a page, for platforms that know none: GET and POST /forms/{token}.

`token` names the form; with a proof behind a full stop it was told its person alone. Without one
whoever comes has to be signed in as that person: an address that others read too opens nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import parse_qs

from functions.identity.pages import STYLE_AT
from functions.identity.visits import LOGIN, Response, Visit, page
from waddlebot.domain.entities import is_like_a_home, platform_of
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.domain.events import Channel, Event, MessageType
from waddlebot.domain.offers import OfferedField
from waddlebot.domain.press_sayings import FORM_IS_GONE
from waddlebot.domain.replies import Reply
from waddlebot.domain.routing import decode_answer, encode_batch
from waddlebot.domain.standings import Standing
from waddlebot.platforms import find_abilities
from waddlebot.runtime import looks
from waddlebot.runtime.logs import Category
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import read_text
from waddlebot.stores.logins import Logins
from waddlebot.stores.offered import WaitingForm, WaitingOffers
from waddlebot_sdk.asks import MOST_FIELDS, MOST_FILLED_IN

PATIENCE = timedelta(seconds=10)
"""Less than the function has; what takes longer is answered in the chat."""
MOST_BYTES = MOST_FIELDS * (MOST_FILLED_IN * 12 + 200)
"""All fields full of letters that UTF-8 has four bytes for, each three characters of a form."""
_FOLLOWS = "It is sent. The answer follows where you asked for the form."
_SENT = "It is sent. You may close this page."
_LATER = "That did not arrive. Nothing was done; send it again in a moment."


@dataclass(frozen=True, slots=True)
class FormRoom:
    """Methods raise Rejected (404 where nothing waits, 403 where it is not theirs), Unavailable."""

    resources: Resources

    def show(self, visit: Visit) -> Response:
        waiting, csrf = self._open(visit)
        return page(_form_page(waiting, csrf))

    def send(self, visit: Visit) -> Response:
        """What was filled in, as the event that it is on every platform."""
        waiting, csrf = self._open(visit)
        told = _fields(visit)
        if not secrets.compare_digest(told.get("csrf", "").encode(), csrf.encode()):
            raise Rejected(403, "NOT_FROM_HERE", "You were signed out meanwhile. Open it again.")
        filled = {one.name: _cut(told.get(one.name, ""), one) for one in waiting.form.fields}
        missing = [
            one.label for one in waiting.form.fields if one.required and not filled[one.name]
        ]
        if missing:
            said = f"{missing[0]}: that is still empty."
            return page(_form_page(waiting, csrf, filled, said=said), status=400)
        return page(_answered_page(waiting, self._routed(waiting, filled, visit)))

    def _open(self, visit: Visit) -> tuple[WaitingForm, str]:
        ref, _, proof = visit.token.partition(".")
        waiting = WaitingOffers(self.resources.cache).find_form(ref) if ref else None
        if waiting is None:
            raise Rejected(404, "NO_FORM", FORM_IS_GONE)
        if waiting.is_proven(proof):
            return waiting, ""
        secret = visit.cookie(LOGIN)
        login = Logins(self.resources.cache).find(secret) if secret else None
        platform = platform_of(waiting.entity)
        if login is None or (login.platform, login.user_id) != (platform, waiting.user.id):
            name = find_abilities(platform).name or platform
            raise Rejected(
                403,
                "NOT_YOURS",
                f"This form is for {waiting.user.name} on {name}. Sign in with that account, "
                "then open its address again.",
            )
        return waiting, login.csrf

    def _routed(self, waiting: WaitingForm, filled: Mapping[str, str], visit: Visit) -> str:
        """What was answered, in words."""
        event = _event(waiting, filled, datetime.now(UTC))
        payload = encode_batch([event], secrets.token_hex(8))
        until = event.asked_until or event.occurred_at
        try:
            [routed] = decode_answer(self.resources.invoke.call("router", payload, deadline=until))
        except (Unavailable, ValueError) as error:
            visit.log.warning("a form was not routed", category=Category.ERROR, error=str(error))
            return _LATER
        if routed.passed_on or routed.standing is Standing.BUSY:
            return _FOLLOWS
        return _joined(routed.replies) or _SENT


def _joined(replies: tuple[Reply, ...]) -> str:
    return "\n".join(reply.text for reply in replies)


def _event(waiting: WaitingForm, filled: Mapping[str, str], now: datetime) -> Event:
    """The same for the same words, so that a second click is the first one again."""
    said = "\0".join((waiting.form.id, *(f"{name}={filled[name]}" for name in sorted(filled))))
    name = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return Event(
        id=f"{platform_of(waiting.entity)}:form:{name}",
        type=MessageType.MODAL_SUBMIT,
        entity=waiting.entity,
        parent=waiting.parent,
        user=waiting.user,
        data={"custom_id": waiting.form.id, "fields": dict(filled)},
        occurred_at=now,
        way_back=Channel(thread=waiting.thread),
        asked_until=now + PATIENCE,
    )


def _fields(visit: Visit) -> dict[str, str]:
    told = parse_qs(read_text(visit.event, most_bytes=MOST_BYTES))
    return {name: values[0].replace("\r\n", "\n") for name, values in told.items()}


def _cut(text: str, one: OfferedField) -> str:
    return text.replace("\0", "")[: one.most_characters].strip()


def _form_page(
    waiting: WaitingForm, csrf: str, filled: Mapping[str, str] | None = None, *, said: str = ""
) -> str:
    form = waiting.form
    given = filled or {}
    fields = "".join(_field(one, given.get(one.name, one.value)) for one in form.fields)
    told = f'<p class="said" role="alert">{escape(said)}</p>' if said else ""
    return looks.page(
        form.title,
        f"<p>{escape(form.text)}</p>{told}"
        f'<form method="post" class="fields">{fields}'
        f'<input type="hidden" name="csrf" value="{escape(csrf)}">'
        f'<button class="button">{escape(form.submit)}</button></form>'
        f"<footer><p>For {escape(waiting.user.name)}{_where(waiting)}. It can be sent once.</p>"
        "</footer>",
        style_at=STYLE_AT,
    )


def _where(waiting: WaitingForm) -> str:
    """Communities that nobody named are called by their ids."""
    name = waiting.community
    return "" if is_like_a_home(name) else f", in {escape(name)}"


def _field(one: OfferedField, value: str) -> str:
    needed = " required" if one.required else ""
    manners = (
        f'name="{escape(one.name)}" maxlength="{one.most_characters}" '
        f'placeholder="{escape(one.placeholder)}"{needed}'
    )
    inside = (
        f'<textarea rows="5" {manners}>\n{escape(value)}</textarea>'
        if one.long
        else f'<input {manners} value="{escape(value)}">'
    )
    optional = "" if one.required else " <em>may be left empty</em>"
    return f"<label><span>{escape(one.label)}{optional}</span>{inside}</label>"


def refused_page(said: str, *, status: int) -> Response:
    """What went wrong where signing in mends nothing."""
    shown = looks.page("A form", f'<p role="status">{escape(said)}</p>', style_at=STYLE_AT)
    return page(shown, status=status)


def _answered_page(waiting: WaitingForm, said: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in said.splitlines() if line.strip())
    return looks.page(waiting.form.title, f'<div role="status">{lines}</div>', style_at=STYLE_AT)
