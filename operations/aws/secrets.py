"""`waddlebot aws secret` and `waddlebot aws key`: what platforms gave, and the operator's key."""

from __future__ import annotations

import argparse
import difflib
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence

from operations.api import KEY, NotDone
from operations.aws.account import in_words, open_session
from operations.aws.forms import wrong_form
from operations.aws.kept import HouseSecret, HouseSecrets
from operations.speaking import counted, show_json, table
from waddlebot.domain.stages import wrong_stage
from waddlebot.runtime.environment import NOT_SET
from waddlebot.runtime.house_secrets import is_password
from waddlebot.runtime.needs import SEAL_KEY, SEAL_KEY_BEFORE
from waddlebot.runtime.origin_door import ORIGIN_KEYS

NEVER_UNSET = {
    SEAL_KEY: "opens every token that people gave",
    KEY: "is how you are let in",
    "WADDLEBOT_SIGNING_KEY": "signs what others check",
    **dict.fromkeys(ORIGIN_KEYS, "lets CloudFront in"),
}
"""Keys that the deploy makes once; none makes them again."""


def arguments(verb: str, parser: argparse.ArgumentParser) -> None:
    if verb == "key":
        return
    does = parser.add_subparsers(dest="does", required=True, metavar="set|unset|list")
    write = does.add_parser("set", help="its value comes from a prompt or standard input")
    write.add_argument("name", metavar="NAME", help="as in the list: TWITCH_EVENTSUB_SECRET")
    write.add_argument(
        "value", nargs="*", metavar="", help=argparse.SUPPRESS
    )  # to be refused in words
    unset = does.add_parser("unset", help="as if it had never been given")
    unset.add_argument("name", metavar="NAME", help="as in the list")
    every = does.add_parser("list", help="which are set, and who reads them")
    every.add_argument("--json", action="store_true", help="the same as JSON")


def carry_out(asked: argparse.Namespace) -> int:
    """Raises NotDone."""
    does = _DOES["key" if asked.verb == "key" else asked.does]
    with in_words():
        return does(asked, HouseSecrets(open_session(), stage=asked.stage))


def _set(asked: argparse.Namespace, kept: HouseSecrets) -> int:
    if asked.value:
        raise NotDone(
            "A value in a command line stands in the shell's history and is seen by whoever lists "
            f"processes. Type `waddlebot aws secret set {asked.name}` alone, then the value."
        )
    secret = _typed(asked.name, kept)
    value = _read(secret.variable)
    if problem := wrong_form(secret.variable, value):
        raise NotDone(problem)
    _must_not_be_shown(secret, kept)
    if secret.variable == SEAL_KEY:
        _keep_the_one_before(kept, value)
    _write(secret, value, kept)
    return 0


def _unset(asked: argparse.Namespace, kept: HouseSecrets) -> int:
    secret = _typed(asked.name, kept)
    if why := NEVER_UNSET.get(secret.variable):
        raise NotDone(f"{secret.variable} {why}: it is changed, never unset.")
    _write(secret, NOT_SET, kept)
    return 0


def _typed(name: str, kept: HouseSecrets) -> HouseSecret:
    """Raises NotDone as `_named`, and for what nobody types."""
    secret = _named(name, kept)
    if is_password(secret.variable):
        raise NotDone(
            f"{secret.variable} is made by a deploy, which gives it to the server as well. To have "
            "another one, deploy without passwords and with them again: docs/aws.md, "
            "“Passwords instead of tokens”."
        )
    return secret


def _named(name: str, kept: HouseSecrets) -> HouseSecret:
    """Raises NotDone: with the nearest name, or that nothing is deployed."""
    known = {secret.variable: secret for secret in _all(kept)}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name.upper(), known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "waddlebot aws secret list names them."
    raise NotDone(f"No function reads a secret {name}. {hint}")


def _all(kept: HouseSecrets) -> Sequence[HouseSecret]:
    """Raises NotDone: there are none."""
    if problem := wrong_stage(kept.stage):
        raise NotDone(problem)
    if found := kept.find_all():
        return found
    raise NotDone(
        f"Stage {kept.stage} has no secrets here: deploy it first (make deploy "
        f"stage={kept.stage}), or name another --stage or AWS_REGION."
    )


def _read(variable: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{variable} (what you type is not shown): ").strip()
    return sys.stdin.read().strip()


def _must_not_be_shown(secret: HouseSecret, kept: HouseSecrets) -> None:
    """Raises NotDone: CloudFront shows this one, and functions would know another."""
    letters = dict(zip(ORIGIN_KEYS, "ab", strict=True))
    shown = kept.told_of_domain().get("origin_key")
    if secret.variable in letters and letters[secret.variable] == shown:
        other = next(one for one in letters.values() if one != shown)
        raise NotDone(
            f"{secret.variable} is the key that CloudFront shows now: with another value in it "
            "everybody would be refused. Have the other one shown first: make deploy "
            f'stage={kept.stage} context="origin_key={other}"'
        )


def _keep_the_one_before(kept: HouseSecrets, value: str) -> None:
    """What is sealed under the master key of now would open no more. Raises NotDone."""
    now, before = kept.value(SEAL_KEY), kept.value(SEAL_KEY_BEFORE)
    if now in (value, NOT_SET):
        return
    if before not in (NOT_SET, now):
        raise NotDone(
            f"The master key is being changed already: {SEAL_KEY_BEFORE} is set. Finish that with "
            f"`waddlebot keys rotate-seal` and `waddlebot aws secret unset {SEAL_KEY_BEFORE}`."
        )
    kept.write(SEAL_KEY_BEFORE, now)
    print(f"The one of before is kept as {SEAL_KEY_BEFORE}. Next, when five minutes are over:")
    print("  waddlebot keys rotate-seal")
    print(f"  waddlebot aws secret unset {SEAL_KEY_BEFORE}")


def _write(secret: HouseSecret, value: str, kept: HouseSecrets) -> None:
    changed = kept.write(secret.variable, value)
    state = "not set" if value == NOT_SET else "set"
    print(f"{secret.variable} is {state}{'' if changed else ' so already'}.")
    print(_next(secret, kept.stage))


def _next(secret: HouseSecret, stage: str) -> str:
    if secret.variable == KEY:
        return f"It is let in at the next deploy: make deploy stage={stage}"
    if secret.at_deploy:
        who = " and ".join(secret.at_deploy)
        return f"{who} sees it after the next deploy: make deploy stage={stage}"
    return f"{', '.join(secret.read_by)} will know within five minutes: nothing else to do."


def _list(asked: argparse.Namespace, kept: HouseSecrets) -> int:
    found = [(secret, kept.is_set(secret.variable)) for secret in _all(kept)]
    if asked.json:
        show_json({"secrets": [_as_json(secret, is_set=is_set) for secret, is_set in found]})
        return 0
    rows = [
        (one.variable, "set" if is_set else "not set", _when(one), ", ".join(one.read_by))
        for one, is_set in found
    ]
    print(table(("NAME", "", "A CHANGE IS SEEN", "READ BY"), rows, gives_way=[3]), "", sep="\n")
    print(f"{counted(len(rows), 'secret')} of {kept.stage}. waddlebot aws secret set NAME")
    return 0


def _when(secret: HouseSecret) -> str:
    is_deployed = secret.at_deploy or secret.variable == KEY or is_password(secret.variable)
    return "after make deploy" if is_deployed else "in 5 min"


def _as_json(secret: HouseSecret, *, is_set: bool) -> Mapping[str, str | bool | Sequence[str]]:
    return {
        "name": secret.variable,
        "is_set": is_set,
        "read_by": secret.read_by,
        "at_deploy": secret.at_deploy,
    }


def _key(_asked: argparse.Namespace, kept: HouseSecrets) -> int:
    """The key alone on standard output, so that a shell can take it."""
    _named(KEY, kept)
    print(
        "The operator's key. Keep it where passwords are kept; whoever has it may do all that the "
        f"API does. For this terminal: export {KEY}=$(waddlebot aws key --stage {kept.stage})",
        file=sys.stderr,
    )
    if (key := kept.value(KEY)) == NOT_SET:
        raise NotDone(f"{KEY} has no value: make deploy stage={kept.stage} makes it.")
    print(key)
    return 0


_DOES: Mapping[str, Callable[[argparse.Namespace, HouseSecrets], int]] = {
    "set": _set,
    "unset": _unset,
    "list": _list,
    "key": _key,
}
