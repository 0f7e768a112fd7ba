"""What makes a module run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from waddlebot.domain.custom_whens import When
from waddlebot.domain.string_rules import StringRule
from waddlebot_sdk.module import USUAL_PRIORITY, ExecutionMode
from waddlebot_sdk.pages import is_page
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import May

if TYPE_CHECKING:  # a verdict is about a trigger
    from waddlebot.domain.verdicts import Reason

FIRST_CONTACT = "first_contact"
"""What `welcome` listens to: an event of a place that was never greeted."""
STRING_RULE = "string_rule"
"""What `moderation` is told when a rule hits."""


PAGE = "[page]"
UNKNOWN = "unknown_command"
"""What `help` listens to: somebody talks to the bot, or a known word lacks a known second one."""
MISTYPED = "mistyped_command"
"""What `help` listens to: a first word that is near one of ours, which may be another bot's."""


WHICH_COMMUNITY = "which_community"
"""What `private` listens to: who writes privately is in several communities."""
NO_COMMUNITY = "no_community"
"""What `private` listens to: who writes privately is in no community."""


DOUBLE_CLICK_SECONDS = 2


class Turn(IntEnum):
    """Moderation comes first; a consuming match shadows later ones only if it was allowed."""

    OBSERVE = 0
    MODERATE = 1
    ACT = 2
    RESPOND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`engine` is a row of functions/router/destinations/engines.py, `location` the function's
    name or the builtin module's. Of a stranger's code nothing is believed.
    """

    engine: str
    location: str
    is_strangers: bool = False

    @property
    def is_in_process(self) -> bool:
        """Of the router itself: nothing that a house could be without."""
        return self.engine == "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """`id` is stable across deliveries and processes: execution ids are made from it.

    `may` is what its module declares; what a stranger's may here, the community has a say in.
    """

    id: str
    module: str
    destination: Destination
    turn: Turn = Turn.ACT
    priority: int = USUAL_PRIORITY
    role: Role = Role.USER
    may: frozenset[May] = frozenset()
    execution_mode: ExecutionMode = ExecutionMode.SEQUENTIAL
    timeout_seconds: float = 2.0
    consumes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTrigger(Trigger):
    """`path` is what is typed after the prefix; limits are per person and minute.

    `shown` is how it is typed in a community with words of its own. What is typed behind a `secret`
    one is not recorded. `about_module` says in half a line what its module does, `completes` for
    which arguments it says what may stand there. `counted_as`: its uses are counted under this name
    instead of its id. `rests_together`: it cools down for everybody of a place, and for
    `person_cooldown_seconds` for each person. `when`: only where
    that holds it is answered.
    """

    prefix: str
    path: str
    usage: str
    summary: str
    example: str = ""
    per_minute: int = 60
    cooldown_seconds: int = 0
    private: bool = False
    secret: bool = False
    shown: str = ""
    about_module: str = ""
    completes: frozenset[str] = frozenset()
    counted_as: str = ""
    rests_together: bool = False
    person_cooldown_seconds: int = 0
    when: When | None = None

    @property
    def typed(self) -> str:
        return f"{self.prefix}{self.path}"

    def takes(self, text: str) -> bool:
        """Whether that may follow it; a page is a number, and nothing else."""
        arguments = [word for word in self.usage.split() if word[0] in "<["]
        return is_page(text) if arguments == [PAGE] else bool(arguments)

    @property
    def name(self) -> str:
        return self.shown or self.typed


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrigger(Trigger):
    rule: StringRule


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrigger(Trigger):
    """A stranger's hears nothing of who did not install it.

    `sign` is the one emoji of whose reactions it hears; without one it hears of all.
    """

    event_type: str
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentTrigger(EventTrigger):
    """What was pressed, chosen or sent, for the one module that offered it.

    `data` is what that is told. `wrong` says why nobody is. `offer` names what was offered
    together: of that each person presses each thing once in `once_seconds`, or as often as they
    like where that is 0; `once` for all.
    """

    data: Mapping[str, Any] = field(default_factory=dict)
    wrong: Reason | None = None
    offer: str = ""
    once: bool = False
    once_seconds: int = 0

    @property
    def is_double_click(self) -> bool:
        """What is refused in its window is the same click, made twice."""
        return 0 < self.once_seconds <= DOUBLE_CLICK_SECONDS
