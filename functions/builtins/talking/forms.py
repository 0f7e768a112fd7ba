"""Opens forms that wait, and says what a number may pick."""

from __future__ import annotations

from dataclasses import dataclass

from functions.builtins.tools import Builtin, InSession
from waddlebot.domain.errors import Refusal
from waddlebot.domain.executions import OfferedChat
from waddlebot.domain.offers import Offering
from waddlebot.domain.press_sayings import FORM_IS_GONE, NOTHING_TO_PICK
from waddlebot.stores.offered import WaitingOffers
from waddlebot_sdk import Answer, Call, Chat, command, on


@dataclass(frozen=True, kw_only=True)
class FormTools(InSession):
    offered: WaitingOffers


@command(
    "pick <number>",
    "Pick what I offered here, by its number.",
    example="pick 2",
)
def pick(_call: Call, _tools: FormTools) -> Answer:
    """Of what is offered the router makes a press; here nothing was found."""
    return Chat(NOTHING_TO_PICK, private=True, free=True)


def opened(call: Call, tools: FormTools) -> Answer:
    """The form as it was asked for; where its platform can, it opens at once."""
    found = tools.offered.find_form(str(call.data["context"]))
    person = tools.session.event.user
    if found is None or person is None or found.user.id != person.id:
        raise Refusal(FORM_IS_GONE)
    form = found.form
    return OfferedChat(text=form.text or form.title, private=True, offer=Offering(form=form))


MODULE: Builtin[FormTools] = Builtin(
    name="forms",
    summary="Opens forms, and takes numbers where there are no buttons.",
    commands=(pick,),
    listens=(on("form_opened", opened),),
    tools=FormTools,
)
