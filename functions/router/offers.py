"""What modules offer to be pressed or filled in, as its platform can show it.

Buttons, menus and forms get their signed ids. Where there are no buttons people type a number;
where there are no forms they get an address that is theirs alone (docs/decisions/0129).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from functions.router.execute import Wave
from functions.router.match import Triggers
from functions.router.numbered import PickNumbers
from functions.router.pressed import pick
from waddlebot.domain import press_sayings
from waddlebot.domain.entities import platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Caller, Channel, ResponseUrl
from waddlebot.domain.executions import Execution, OfferedChat, SecretChat
from waddlebot.domain.matches import Match
from waddlebot.domain.offers import (
    OfferedButton,
    OfferedField,
    OfferedForm,
    OfferedMenu,
    OfferedOption,
    Offering,
)
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.domain.signed_presses import Kind, Press, sign_press
from waddlebot.platforms import find_abilities
from waddlebot.stores.offered import (
    FORM_SECONDS,
    Pickable,
    ToKeep,
    WaitingForm,
    WaitingOffers,
    hash_of,
    keep_form,
)
from waddlebot_sdk.asks import Ask, Button, Buttons, Field, Form, Select
from waddlebot_sdk.responses import Chat, General, Response
from waddlebot_sdk.roles import Role

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """`signing_key` is asked for where something is offered; it may be empty."""

    store: WaitingOffers
    signing_key: Callable[[], str]
    public: PublicAddress

    def put(self, wave: Wave) -> Wave:
        """The same, with lines in place of what was offered; one round trip where any of it has to
        be kept, and none as long as nobody offers anything.
        """
        if not any(_offers(one) for one in wave.executions):
            return wave
        keeping: list[ToKeep] = []
        made = [self._worded(one, keeping) for one in wave.executions]
        try:
            self.store.keep(keeping)
        except Unavailable:
            log.warning("cache server did not answer; no form is offered")
            made = [_without(one) for one in wave.executions]
        return replace(wave, executions=made)

    def pick(self, matches: list[Match], triggers: Triggers) -> list[Match]:
        """The same, where `!pick 2` stands for the second of what was offered last."""
        return pick(matches, self.store, triggers.tables, self.signing_key)

    def _worded(self, execution: Execution, keeping: list[ToKeep]) -> Execution:
        if not _offers(execution):
            return execution
        key = self.signing_key()
        if not key:
            return _without(execution, press_sayings.NOT_SIGNED)
        told: list[Response] = []
        numbers = PickNumbers()
        for number, response in enumerate(execution.responses):
            if isinstance(response, Ask):
                making = _Making(execution, number, key, self.public, numbers)
                told += making.lines(response)
                keeping += making.kept
            else:
                told.append(response)
        keeping += numbers.kept(execution.verdict.match.session.event, datetime.now(UTC))
        return replace(execution, responses=tuple(told))


class _Making:
    """One offer of one call: the same in every delivery of it but for when it ends."""

    def __init__(
        self,
        execution: Execution,
        number: int,
        key: str,
        public: PublicAddress,
        numbers: PickNumbers,
    ) -> None:
        self.kept: list[ToKeep] = []
        self._numbers = numbers
        self._match = execution.verdict.match
        self._event = self._match.session.event
        self._name = f"{execution.id}{number}"
        self._key, self._public = key, public
        self._now = datetime.now(UTC)
        self._user = self._event.user.id if self._event.user else ""

    def lines(self, ask: Ask) -> Iterator[Response]:
        abilities = find_abilities(platform_of(self._event.entity))
        has_buttons = abilities.has_buttons and not isinstance(self._event.way_back, Caller)
        match ask:
            case Form():
                yield self._form(ask) if has_buttons else self._page(ask)
                if ask.on_overlay:
                    yield _shown(ask)
            case Buttons() if not has_buttons and not ask.needed:
                yield Chat(ask.text, private=ask.terms.private, in_place=ask.terms.in_place)
            case _:
                yield self._below(ask) if has_buttons else self._numbered(ask)

    def _below(self, ask: Buttons | Select) -> Chat:
        offer = (
            Offering(buttons=tuple(self._button(one, ask) for one in ask.buttons))
            if isinstance(ask, Buttons)
            else Offering(menu=self._menu(ask))
        )
        terms = ask.terms
        return OfferedChat(
            text=ask.text, private=terms.private, in_place=terms.in_place, offer=offer
        )

    def _numbered(self, ask: Buttons | Select) -> Chat:
        if isinstance(ask, Buttons):
            labels = [one.label for one in ask.buttons]
            choices = [Pickable(id=self._button(one, ask).id) for one in ask.buttons]
        else:
            menu = self._menu(ask)
            labels = [one.label for one in ask.options]
            choices = [Pickable(id=menu.id, values=(one.value,)) for one in menu.options]
        word = self._match.session.community.words.reword
        abilities = find_abilities(platform_of(self._event.entity))
        room = abilities.most_characters * (abilities.most_messages - 1)  # splitting takes some
        told = self._numbers.offered(ask, labels, choices, word, room=room)
        return Chat(told, private=ask.terms.private, in_place=ask.terms.in_place)

    def _form(self, form: Form) -> Chat:
        return OfferedChat(
            text=form.text or form.title,
            private=self._is_shown_alone,
            offer=Offering(form=self._kept(form, "")),
        )

    @property
    def _is_shown_alone(self) -> bool:
        """What is private in a chat may come as a direct message, where nobody asked."""
        return not isinstance(self._event.way_back, Channel)

    def _page(self, form: Form) -> Chat:
        """Its person alone is told the address; whoever else reads one has to be that person."""
        proof = self._secret("proof", 18)
        self._kept(form, hash_of(proof))
        at = self._public.at(f"/forms/{self._ref}")
        words = f"{_sentence(form.text or form.title)} Fill it in here: "
        return SecretChat(
            text=f"{words}{at}.{proof}",
            otherwise=f"{words}{at} (sign in there first, so that it is yours alone)",
            private=True,
            secret=True,
        )

    def _kept(self, form: Form, proof: str) -> OfferedForm:
        shown = self._shown(form)
        event, way_back = self._event, self._event.way_back
        if event.user is not None:
            waiting = WaitingForm(
                form=shown,
                entity=event.entity,
                parent=event.parent,
                thread=way_back.thread if isinstance(way_back, Channel | ResponseUrl) else None,
                community=self._match.session.community.name,
                user=event.user,
                proof=proof,
                until=self._now + timedelta(seconds=FORM_SECONDS),
            )
            self.kept.append(keep_form(self._ref, waiting))
        return shown

    def _shown(self, form: Form) -> OfferedForm:
        def id_of(kind: Kind, context: str) -> str:
            return self._id(
                kind,
                (form.action, context),
                role=form.role,
                asker_alone=True,
                once=False,
                seconds=FORM_SECONDS,
            )

        return OfferedForm(
            id=id_of(Kind.FORM, form.context),
            title=form.title,
            text=form.text,
            submit=form.submit,
            fields=tuple(map(_field, form.fields)),
            opener=OfferedButton(id=id_of(Kind.OPEN, self._ref), label=form.title, style="main"),
        )

    def _button(self, button: Button, ask: Buttons) -> OfferedButton:
        custom_id = self._of(ask, Kind.BUTTON, (button.action, button.context))
        return OfferedButton(id=custom_id, label=button.label, style=button.style.value)

    def _menu(self, ask: Select) -> OfferedMenu:
        options = (
            OfferedOption(label=one.label, value=one.named, about=one.about) for one in ask.options
        )
        custom_id = self._of(ask, Kind.MENU, (ask.action, ask.context))
        return OfferedMenu(id=custom_id, placeholder=ask.placeholder, options=tuple(options))

    def _of(self, ask: Buttons | Select, kind: Kind, what: tuple[str, str]) -> str:
        terms = ask.terms
        return self._id(
            kind,
            what,
            role=terms.role,
            asker_alone=terms.asker_alone or terms.private,
            once=terms.once,
            alone=terms.private,
            seconds=terms.minutes * 60,
        )

    def _id(
        self,
        kind: Kind,
        what: tuple[str, str],
        *,
        role: Role | None,
        asker_alone: bool,
        once: bool,
        seconds: int,
        alone: bool = False,
    ) -> str:
        trigger = self._match.trigger
        press = Press(
            module=trigger.module,
            action=what[0],
            context=what[1],
            kind=kind,
            role=role or trigger.role,
            asker_alone=asker_alone,
            once=once,
            alone=alone,
            ends_at=self._now + timedelta(seconds=seconds),
            community=self._match.session.community.id,
            offer=hashlib.blake2b(self._name.encode(), digest_size=4).digest(),
        )
        return sign_press(press, self._key, self._event.entity, self._user)

    @property
    def _ref(self) -> str:
        return self._secret("form", 12)

    def _secret(self, what: str, size: int) -> str:
        made = hmac.digest(self._key.encode(), f"{what}\0{self._name}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made[:size]).decode()


def _offers(execution: Execution) -> bool:
    return any(isinstance(one, Ask) for one in execution.responses)


def _without(execution: Execution, why: str = press_sayings.NOT_KEPT) -> Execution:
    """Its lines alone; in place of what only makes sense with something to press, why not."""
    return replace(execution, responses=tuple(_plain(one, why) for one in execution.responses))


def _plain(response: Response, why: str) -> Response:
    match response:
        case Buttons(needed=False):
            return Chat(response.text, private=response.terms.private)
        case Buttons() | Select() | Form():
            return Chat(why, private=True, free=True)
        case _:
            return response


def _sentence(text: str) -> str:
    said = text.strip()
    return said if said.endswith((".", "!", "?", "…", ":")) else f"{said}."


def _field(one: Field) -> OfferedField:
    return OfferedField(
        name=one.name,
        label=one.label,
        long=one.long,
        required=one.required,
        value=one.value,
        placeholder=one.placeholder,
        most_characters=one.most_characters,
    )


def _shown(form: Form) -> General:
    wire = form.to_wire()
    told = ("form_title", "form_description", "form_fields")
    return General(
        content_type="form", content=form.title, details={name: wire[name] for name in told}
    )
