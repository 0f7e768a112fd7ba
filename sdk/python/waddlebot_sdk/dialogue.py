"""Tests of a module that read as chat.

chat = Dialogue(MODULE, None)
chat.says("Ana", "#roll d1")
assert chat.heard() == ["Ana rolled d1: 1"]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from waddlebot_sdk.asks import Ask, Buttons, Form, Pressed, Select, Terms
from waddlebot_sdk.calls import Call, CommunityInfo, Place, User
from waddlebot_sdk.completions import AUTOCOMPLETE, at_cursor
from waddlebot_sdk.module import Answer, Command, Module, Tools
from waddlebot_sdk.own_words import in_usual_words, word_response
from waddlebot_sdk.responses import Chat, Failed, Response, as_responses
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wire_texts import NotAResponse
from waddlebot_sdk.wishes import Wish

One = TypeVar("One")
_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(Generic[Tools]):
    """A line that means a command: `path` as declared, `text` what follows, untouched."""

    command: Command[Tools]
    path: str
    text: str


def find_typed(module: Module[Tools], line: str) -> Typed[Tools] | None:
    """The command of this module that a line means; the longest path wins, case does not matter."""
    if not line.startswith(module.prefix):
        return None
    body = line.removeprefix(module.prefix)
    paths = [(path, found) for found in module.commands for path in found.paths]
    for path, found in sorted(paths, key=lambda pair: len(pair[0].split()), reverse=True):
        start = re.match(r"\s+".join(map(re.escape, path.split())) + r"(?!\S)", body, re.IGNORECASE)
        if start:
            return Typed(command=found, path=path, text=body[start.end() :].strip())
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressable:
    """What somebody may press or fill in; `by` asked for it, `role` is needed."""

    ask: Ask
    by: str
    role: Role

    @property
    def terms(self) -> Terms:
        ask = self.ask
        return Terms(asker_alone=True, once=True) if isinstance(ask, Form) else ask.terms


class Dialogue(Generic[Tools]):
    """A chat with one module in one place of one community, without a router.

    It keeps the router's rules that a module's author relies on: the longest path wins, what is
    no command is met with silence, and nobody runs what the own role does not cover. It does what
    the module declares that it `may`, as where the owner of a community has granted that; anything
    else raises NotAResponse.
    """

    def __init__(
        self,
        module: Module[Tools],
        tools: Tools,
        *,
        entity: str = "twitch:channel:demo",
        community: CommunityInfo | None = None,
        config: Mapping[str, Any] | None = None,
        now: datetime = _NOON,
        seed: str = "dialogue",
    ) -> None:
        """`now` is when the talk begins; `seed` is what the execution ids are made from.

        `answers` keeps all that the module answered, in order.
        """
        self.now = now
        self.answers: list[Response] = []
        self._module = module
        self._tools = tools
        self._entity = Place(id=entity, platform=entity.partition(":")[0])
        self._community = community or CommunityInfo(id=1, name="Demo")
        self._config = dict(config or {})
        self._seed = seed
        self._calls = 0
        self._offered: list[Pressable] = []
        self._heard = 0
        self._shown = 0
        self._needed = Role.USER
        self._done = 0

    def says(
        self,
        name: str,
        line: str,
        *,
        role: str = "user",
        labels: Iterable[str] = (),
        badges: Iterable[str] = (),
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Somebody writes a line; what comes of it is `heard()` and `shown()`.

        `data` is what the platform says with it, as in `Call`: the line that it answers, say.
        """
        typed = find_typed(self._module, line)
        if typed is None:
            return
        user = _somebody(name, role)
        user = replace(user, labels=frozenset(labels), badges=frozenset(badges))
        if not user.role.covers(typed.command.role):
            self._keep(Chat(f"{self._module.prefix}{typed.path} needs {typed.command.role}."))
            return
        self._needed = typed.command.role
        self._ask(
            command=typed.path, text=typed.text, event_type="chatMessage", user=user, data=data
        )

    def completes(self, line: str, *, name: str = "Ana", role: str = "user") -> list[str]:
        """What is offered while somebody types this line, as it would be typed at its end.

        Nothing is where they may not use that command; nothing is answered, and no call is made.
        """
        typed, user = find_typed(self._module, line), _somebody(name, role)
        if typed is None or not user.role.covers(typed.command.role):
            return []
        behind = line[len(line.rstrip()) :]  # a blank at the end begins the next argument
        at = at_cursor(typed.command.usage, f"{typed.text}{behind}")
        if at is None or not (typed.text or behind):
            return []
        asked = self._call(command=typed.path, text=at.typed, event_type=AUTOCOMPLETE, user=user)
        asked = replace(asked, arguments=at.given)
        return [one.value for one in self._module.complete(asked, at.argument, self._tools)]

    def clicks(self, name: str, label: str, *, role: str = "user") -> None:
        """Somebody presses the newest button that is called so. Raises AssertionError: none is."""
        found = (
            (offered, button)
            for offered in reversed(self._offered)
            if isinstance(offered.ask, Buttons)
            for button in offered.ask.buttons
        )
        offered, button = _newest(found, label, lambda one: one[1].label)
        data = {"action": button.action, "context": button.context, "values": [], "fields": {}}
        self._press(Pressed.BUTTON, data, offered, _somebody(name, role))

    def chooses(self, name: str, label: str, *, role: str = "user") -> None:
        """Somebody chooses the option that is called so, from the newest menu that has it.

        Raises AssertionError: there is none.
        """
        found = (
            (offered, offered.ask, option)
            for offered in reversed(self._offered)
            if isinstance(offered.ask, Select)
            for option in offered.ask.options
        )
        offered, menu, option = _newest(found, label, lambda one: one[2].label)
        data = {"action": menu.action, "context": menu.context, "values": [option.named]}
        self._press(Pressed.MENU, {**data, "fields": {}}, offered, _somebody(name, role))

    def submits(self, name: str, fields: Mapping[str, str], *, role: str = "user") -> None:
        """Somebody fills in the newest form, its `fields` by name, and sends it; the rest stays.

        Raises AssertionError: there is none, or it has no such field, or one is left empty.
        """
        forms = ((one, one.ask) for one in reversed(self._offered) if isinstance(one.ask, Form))
        offered, form = _newest(forms, "", lambda _: "")
        filled = {one.name: fields.get(one.name, one.value) for one in form.fields}
        unknown = fields.keys() - filled.keys()
        if unknown:
            raise AssertionError(f"the form has no field {min(unknown)}")
        missing = [one.label for one in form.fields if one.required and not filled[one.name]]
        if missing:
            raise AssertionError(f"no platform sends it without {missing[0]}")
        data = {"action": form.action, "context": form.context, "values": [], "fields": filled}
        self._press(Pressed.FORM, data, offered, _somebody(name, role))

    def offered(self) -> Ask | None:
        """What can be pressed or filled in, the newest."""
        return self._offered[-1].ask if self._offered else None

    def _press(
        self, event_type: Pressed, data: Mapping[str, Any], offered: Pressable, user: User
    ) -> None:
        """As the router: for whom it is, and with the right that it needs."""
        if offered.terms.asker_alone and user.id != offered.by:
            self._keep(Chat("That is for whoever asked for it.", private=True))
        elif not user.role.covers(offered.role):
            self._keep(Chat(f"That needs {offered.role}.", private=True))
        else:
            if offered.terms.once:
                self._offered.remove(offered)
            self._needed = offered.role
            self._ask(event_type=event_type, data=data, user=user)

    def happens(
        self, event_type: str, data: Mapping[str, Any] | None = None, *, to: str | None = None
    ) -> None:
        """Something happens that the module may listen to; `to` is the person it is about.

        `data` is as in `Call`.
        """
        user = User(id=to.casefold(), name=to) if to else None
        self._ask(event_type=event_type, data=data, user=user)

    def wait(self, duration: timedelta) -> None:
        self.now += duration

    def heard(self) -> list[str]:
        """The lines that chat got since this was last asked."""
        answers, self._heard = self.answers[self._heard :], len(self.answers)
        return [line for line in map(_said, answers) if line is not None]

    def shown(self) -> list[Response]:
        """What the overlay got since this was last asked."""
        answers, self._shown = self.answers[self._shown :], len(self.answers)
        return [answer for answer in answers if not isinstance(answer, Chat | Failed | Wish | Ask)]

    def done(self) -> list[Wish]:
        """What was done besides answering since this was last asked."""
        answers, self._done = self.answers[self._done :], len(self.answers)
        return [answer for answer in answers if isinstance(answer, Wish)]

    def _ask(
        self,
        *,
        event_type: str,
        user: User | None,
        command: str = "",
        text: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self._calls += 1
        call = self._call(event_type=event_type, user=user, command=command, text=text, data=data)
        answer = self._module.answer(call, self._tools)
        self._keep(answer)
        for one in as_responses(answer):
            if isinstance(one, Ask):
                role = (one.role if isinstance(one, Form) else one.terms.role) or self._needed
                self._offered.append(Pressable(ask=one, by=user.id if user else "", role=role))

    def _call(
        self,
        *,
        event_type: str,
        user: User | None,
        command: str = "",
        text: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> Call:
        return Call(
            event_type=event_type,
            user=user,
            command=command,
            text=text,
            data=dict(data or {}),
            execution_id=f"{self._seed}-{self._calls}",
            session_id=f"sess_{self._seed}-{self._calls}",
            prefix=self._module.prefix,
            entity=self._entity,
            community=self._community,
            config=self._config,
            may=self._module.may,
            occurred_at=self.now,
            deadline=self.now + timedelta(seconds=self._module.timeout_seconds),
        )

    def _keep(self, answer: Answer) -> None:
        """Raises NotAResponse: the router would refuse this."""
        for one in as_responses(answer):
            if isinstance(one, Wish) and one.needs not in self._module.may:
                raise NotAResponse(f"{self._module.name} declares no '{one.needs}' in `may`")
        self.answers += [word_response(one, in_usual_words) for one in as_responses(answer)]


def _somebody(name: str, role: str) -> User:
    return User(id=name.casefold(), name=name, role=Role(role))


def _newest(found: Iterator[One], label: str, called: Callable[[One], str]) -> One:
    """Raises AssertionError: nothing of the kind was offered."""
    for one in found:
        if called(one) == label:
            return one
    raise AssertionError(f"nothing like that was offered: {label!r}")


def _said(response: Response) -> str | None:
    if isinstance(response, Chat | Buttons | Select):
        return response.text
    if isinstance(response, Form):
        return response.text or response.title
    return response.say if isinstance(response, Failed) else None
