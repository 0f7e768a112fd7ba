"""What cannot be of alerts, goals and countdowns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.contract.wrong import NO_HTTPS, NO_NAME, PLATFORMS, Wrong


def _alert(say: str, kind: str, typed: str = "", /, **more: Any) -> Wrong:
    row = {"kind": kind, **more}
    return Wrong(
        say=say,
        chat=f"!alerts set {kind} {typed}",
        api=("PUT", "/alerts", row),
        text={"alerts": [row]},
    )


def _goal(say: str, what: str, target: int, title: str = "") -> Wrong:
    return Wrong(
        say=say,
        chat=f"!goal set {what} {target} {title}",
        api=("PUT", "/goals", {"what": what, "target": target, "title": title}),
    )


NO_COUNTED = "There is no goal for '{}'. There are follows, subs, bits, raids, members, boosts."
NO_GOAL = "There is no goal for {0}. Set one: !goal set {0} 50"
NO_KIND = (
    "There is no alert '{}'. There are follow, sub, resub, gift, cheer, raid, donation, join, "
    "boost."
)
NO_FILE = "There is no file 'nothing'. All of them: !media"
NO_ALERT = "There is no rule like that for {}. See !alerts."
ALERT_PLACES = "An alert's text knows {name}, {amount}, {tier}, {message}, and no "


WRONGS: Mapping[str, tuple[Wrong, ...]] = {
    "set_alert": (
        _alert(NO_KIND.format("folow"), "folow"),
        _alert(NO_KIND.format("0"), "0"),
        _alert(PLATFORMS, "raid", "on irc", platform="irc"),
        _alert(
            "A follow has no amount. There is one of resub, gift, cheer, raid, donation.",
            *("follow", "from 10"),
            least=10,
        ),
        _alert(
            "An amount goes from 0 to 1,000,000,000, the smaller one first.",
            *("cheer", "from 10 to 9"),
            least=10,
            most=9,
        ),
        _alert(f"{ALERT_PLACES}{{nam}}.", "raid", "say {nam} is here", text="{nam} is here"),
        _alert(
            "An alert's style is one of info, success, warning, urgent, default.",
            *("raid", "style red"),
            style="red",
        ),
        _alert("An alert stays for 1 to 60 seconds.", "raid", "for 61s", seconds=61),
        _alert("An alert stays for 1 to 60 seconds.", "raid", "for 0", seconds=0),
        _alert(NO_HTTPS, "raid", "image http://example.com/a", image="http://example.com/a"),
        _alert(NO_FILE, "raid", "image nothing", image="nothing"),
        _alert(NO_FILE, "raid", "sound nothing", sound="nothing"),
        _alert(NO_NAME, "raid", "image https://127.0.0.1/a", image="https://127.0.0.1/a"),
        _alert(
            "An alert's text has 200 characters at most.",
            *("raid", f"say {'x' * 201}"),
            text="x" * 201,
        ),
    ),
    "reset_alerts": (
        *(
            Wrong(
                say=NO_KIND.format(kind),
                chat=f"!alerts reset {kind}",
                api=("DELETE", f"/alerts?kind={kind}", None),
            )
            for kind in ("folow", "0", "x" * 40)
        ),
        *(
            Wrong(
                say=NO_ALERT.format(kind),
                chat=f"!alerts reset {kind}",
                api=("DELETE", f"/alerts?kind={kind}", None),
            )
            for kind in ("follow", "sub", "boost")
        ),
    ),
    "set_goal": (
        *(_goal(NO_COUNTED.format(what), what, 50) for what in ("sub", "0", "x" * 40)),
        _goal("A goal goes from 1 to 1,000,000,000.", "subs", 0),
        _goal("A goal goes from 1 to 1,000,000,000.", "subs", 10**9 + 1),
        _goal("A goal's title has 60 characters at most.", "subs", 50, title="x" * 61),
    ),
    "count_goal": tuple(
        Wrong(
            say=say.format(what),
            chat=f"!goal count {what} {count}",
            api=("PATCH", "/goals", {"what": what, "count": count}),
        )
        for say, what, count in (
            *((NO_COUNTED, what, 5) for what in ("sub", "0", "x" * 40)),
            *((NO_GOAL, what, 5) for what in ("subs", "bits", "raids")),
        )
    ),
    "remove_goal": tuple(
        Wrong(
            say=say.format(what),
            chat=f"!goal remove {what}",
            api=("DELETE", f"/goals?what={what}", None),
        )
        for say, what in (
            *((NO_COUNTED, what) for what in ("sub", "0", "x" * 40)),
            *((NO_GOAL, what) for what in ("subs", "bits", "raids")),
        )
    ),
    "count_down": (
        *(
            Wrong(
                say="A countdown has 12 hours at most.",
                chat=f"!countdown {hours}h Soon",
                api=("POST", "/overlays/countdown", {"seconds": hours * 3600, "title": "Soon"}),
            )
            for hours in (13, 14, 24, 48, 100)
        ),
        Wrong(
            say="A countdown's title has 60 characters at most.",
            chat=f"!countdown 5m {'x' * 61}",
            api=("POST", "/overlays/countdown", {"seconds": 300, "title": "x" * 61}),
        ),
    ),
}
