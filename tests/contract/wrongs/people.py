"""What cannot be of roles and labels."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.wrong import ANA, NOT_HERE, OLGA, OTHERS_PLACE, PLATFORMS, THEIRS, Wrong
from waddlebot_sdk.roles import Role


def _role(say: str, user: str, role: Role, asker: Role, **more: str) -> Wrong:
    row = {"platform": "discord", "user": user, "role": role, **more}
    body = {("user_id" if key == "user" else key): value for key, value in row.items()}
    return Wrong(
        say=say,
        chat=None if more else f"!roles give <@{user}> {role}",
        api=("PUT", "/members", body),
        text={"roles": [row]} if asker is Role.OWNER else None,
        role=asker,
    )


def _label(say: str, name: str, color: str = "#112233") -> Wrong:
    """A label that is there already is no difference to a text."""
    return Wrong(
        say=say,
        chat=f'!labels make "{name}" {color}',
        api=("POST", "/labels", {"name": name, "color": color}),
        text=None if "already" in say else {"labels": {name: {"color": color}}},
    )


def _recolor(say: str, name: str, color: str) -> Wrong:
    return Wrong(say=say, api=("PATCH", "/labels", {"name": name, "color": color}))


def _hung(say: str, label: str, user: str = ANA, *, text: bool = True) -> Wrong:
    row = {"kind": "user", "thing": f"discord:{user}"}
    return Wrong(
        say=say,
        chat=f"!labels add <@{user}> {label}" if user.isdigit() and len(user) < 20 else None,
        api=(
            "POST",
            "/labels/on",
            {"kind": "user", "things": [f"discord:{user}"], "label": label},
        ),
        text={"labels": {label: {"on": [row]}}} if text else None,
    )


def _hung_on(say: str, kind: str, thing: str) -> Wrong:
    row = {"kind": kind, "thing": thing}
    return Wrong(
        say=say,
        api=("POST", "/labels/on", {"kind": kind, "things": [thing], "label": "ours"}),
        text={"labels": {"ours": {"on": [row]}}},
    )


def _taken(say: str, label: str, user: str = ANA) -> Wrong:
    query = f"/labels/on?kind=user&thing=discord:{user}&label={label}"
    return Wrong(say=say, chat=f"!labels take <@{user}> {label}", api=("DELETE", query, None))


def _dropped(say: str, label: str) -> Wrong:
    return Wrong(
        say=say, chat=f"!labels drop {label}", api=("DELETE", f"/labels?name={label}", None)
    )


OPENS_NOTHING = (
    "A label '{}' would give nobody anything, though it is called like a command. Choose another "
    "name; the label 'memories' lets people keep quotes."
)
MORE_THAN_HAS = "That takes more than you have here: ask one of the {}."
AN_ID = "A person is the platform's own id, 64 characters at most."
A_LABEL = "A label is 1 to 40 letters, digits, spaces and hyphens."
A_COLOR = "A colour is written like #6366f1."
NO_LABEL = "There is no label '{}'."
EVERYBODYS = "The label '{}' is everybody's."
NOT_SEEN = "I have not seen {} here yet. Ask them to say something first."
A_PERSON = (
    "A person is platform:id, like twitch:123. There are the platforms discord, slack, twitch."
)
AN_ID_OF_A_THING = "An id has 255 characters at most, and each can be seen."


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "give_role": (
        _role(MORE_THAN_HAS.format("admins"), ANA, Role.ADMIN, Role.ADMIN),
        _role(MORE_THAN_HAS.format("owners"), ANA, Role.OWNER, Role.ADMIN),
        _role(MORE_THAN_HAS.format("owners"), OLGA, Role.MODERATOR, Role.ADMIN),
        _role(PLATFORMS, ANA, Role.ADMIN, Role.OWNER, platform="irc"),
        _role(NOT_HERE, ANA, Role.ADMIN, Role.OWNER, place=OTHERS_PLACE),
        _role(AN_ID, "8" * 65, Role.ADMIN, Role.OWNER, name="long"),
        _role(AN_ID, "8\u200b8", Role.ADMIN, Role.OWNER, name="unseen"),
    ),
    "make_label": (
        _label(A_LABEL, "a/b"),
        _label(A_LABEL, "x" * 41),
        _label(A_LABEL, "-x-"),
        _label(A_COLOR, "new", "red"),
        _label(A_COLOR, "new", "#12345"),
        _label(OPENS_NOTHING.format("rules"), "rules"),
        _label(OPENS_NOTHING.format("quote"), "quote"),
        _label(OPENS_NOTHING.format("help"), "help"),
        _label("There is a label 'ours' already.", "ours"),
        _label("There is a label 'memories' already.", "memories"),
    ),
    "recolor_label": (
        _recolor(A_LABEL, "a/b", "#112233"),
        _recolor(A_COLOR, "ours", "red"),
        _recolor(A_COLOR, "ours", "#1122334"),
        _recolor(NO_LABEL.format("nothing"), "nothing", "#112233"),
        _recolor(EVERYBODYS.format("memories"), "memories", "#112233"),
        _recolor(NO_LABEL.format("canary"), "canary", "#112233"),
    ),
    "drop_label": (
        _dropped(A_LABEL, "a/b"),
        _dropped(A_LABEL, "x" * 41),
        _dropped(NO_LABEL.format("nothing"), "nothing"),
        _dropped(NO_LABEL.format("canary"), "canary"),
        _dropped(EVERYBODYS.format("memories"), "memories"),
        _dropped(A_LABEL, "-x-"),
    ),
    "hang_label": (
        _hung(NO_LABEL.format("nothing"), "nothing"),
        _hung(NO_LABEL.format("canary"), "canary"),
        _hung(A_LABEL, "a/b"),
        _hung(A_LABEL, "x" * 41),
        _hung("The label 'ours' is there already.", "ours", OLGA, text=False),
        _hung(AN_ID_OF_A_THING, "ours", "8" * 255),
        _hung(NOT_SEEN.format(f"discord:{THEIRS}"), "ours", THEIRS),
        _hung_on(NOT_SEEN.format("twitch:canary"), "user", "twitch:canary"),
        _hung_on(A_PERSON, "user", "canary"),
        _hung_on(A_PERSON, "user", "irc:1"),
        _hung_on(NOT_HERE, "entity", OTHERS_PLACE),
        _hung_on("canary-line was not written here, or is forgotten.", "event", "canary-line"),
        _hung_on("There is no module 'canary'.", "module", "canary"),
        _hung_on("A memory is named by the number that it has here.", "memory", "m-canary"),
    ),
    "take_label": (
        _taken(NO_LABEL.format("nothing"), "nothing"),
        _taken(NO_LABEL.format("canary"), "canary"),
        _taken(A_LABEL, "a/b"),
        _taken(A_LABEL, "x" * 41),
        _taken("There is no label 'ours' on it.", "ours"),
        _taken("There is no label 'memories' on it.", "memories"),
    ),
}
