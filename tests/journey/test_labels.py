"""Words hung on people: made, hung, found, taken; one of them lets people keep quotes."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import named, says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_label_lets_somebody_use_a_modules_commands(chat: Chat) -> None:
    if chat.on == "discord":
        chat.viewer = "ana"
    who = named(chat)
    says(chat, "ana", "!addquote Before", "is for moderators only")
    says(chat, "max", f"!labels add {who} memories", "has the label 'memories'")
    says(chat, "ana", "!addquote First", "Kept as quote #1")
    says(chat, "max", "!labels find memories", f"The label 'memories': {chat.viewer}")
    says(chat, "max", f"!labels take {who} memories", "has the label 'memories' no more")
    chat.says("ana", "!addquote Second")
    says(chat, "max", "!labels", "There are the labels")
    says(chat, "ana", "!why", "!addquote is for moderators; ")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_labels_are_made_hung_for_a_while_and_forgotten(chat: Chat) -> None:
    says(chat, "ana", "!labels make mine", "is for moderators only")
    who = named(chat)
    says(chat, "max", "!label create Regular #FFAA00", "There is a label 'regular' now")
    says(chat, "max", "!labels make regular", "There is a label 'regular' already")
    says(chat, "max", f"!labels add {who} regluar", "There is no label 'regluar'")
    says(chat, "max", f"!labels add {who} regular for 7d", "has the label 'regular' for 7 d")
    says(chat, "max", f"!labels add {who} regular", "is there already")
    says(chat, "ana", f"!labels list {who}", "regular (until ")
    says(chat, "ana", "!labels", "There are the labels memories, regular")
    says(chat, "max", "!labels drop memories", "is everybody's")
    for number in range(4):
        says(chat, "max", f"!labels make extra{number}", "now")
        says(chat, "max", f"!labels add {who} extra{number}", "has the label")
    says(chat, "max", f"!labels add {who} memories", "There are 5 labels on it")
    says(chat, "max", "!labels drop regular", "it was on 1")
    says(chat, "max", f"!labels add {who} memories", "has the label 'memories'")
