"""Plans what a community does together, and knows who comes."""

from __future__ import annotations

from functions.modules.calendar import answering, changing, commands, feeding, telling
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.guests import Coming
from functions.modules.calendar.people import MODULE_NAME
from functions.modules.calendar.personal_data import erase, export
from waddlebot_sdk import Module, PersonalData, Setting, on, route

MODULE: Module[Gatherings] = Module(
    name=MODULE_NAME,
    summary="Plans what a community does together, and knows who comes.",
    commands=(*commands.COMMANDS, *changing.COMMANDS, *answering.COMMANDS, *feeding.COMMANDS),
    listens=(
        on("due", telling.told_now),
        on("button_click", answering.pressed(Coming.YES), action="yes"),
        on("button_click", answering.pressed(Coming.MAYBE), action="maybe"),
        on("button_click", answering.pressed(Coming.NO), action="no"),
        on("button_click", answering.kept_by_button, action="keep"),
        on("button_click", answering.dropped_by_button, action="drop"),
        on("button_click", answering.approved_by_button, action="approve"),
        on("button_click", answering.rejected_by_button, action="reject"),
    ),
    routes=(route("GET", "feed/{token}", feeding.read),),
    settings=(
        Setting(
            name="reminders",
            default=True,
            summary="Say a day, an hour and 15 minutes before an event that it comes.",
        ),
    ),
    personal_data=PersonalData(export=export, erase=erase),
)
