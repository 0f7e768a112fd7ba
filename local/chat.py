"""`make chat as=ana on=twitch`: lines from standard input, answers on standard output."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local.settings import LocalSettings, SettingWrong

_PLATFORMS = ("discord", "slack", "twitch")
_COMMAND_SECONDS = 3.0
_LINE_SECONDS = 0.5
_AT_WORK_SECONDS = 65.0
"""Where an hourglass shows: what a slow call may take, and its way here."""
_HOURGLASS = ("⏳", ":hourglass_flowing_sand:")
_MORE_SECONDS = 0.3
"""After an answer, so long for another one to the same line."""
_ONLY_YOU = ("ephemeral", "private")
_SPOKEN = ("chat", "inline", "followup")
_HTTP_SECONDS = 15.0
_PAGE_SECONDS = 10.0
"""What one request for answers waits at most."""
_WAITING = "It takes longer; I wait for the answer (Ctrl-C ends that)."
_NO_ANSWER = "No answer came within a minute. !why tells what became of the line."
_GONE = (
    "The house is gone, and this was not said:\n  {line}\nmake run starts it; then say it again."
)


class NothingRuns(Exception):
    pass


class NotTaken(Exception):
    """What the house has to say against it."""


def main(argv: Sequence[str]) -> int:
    """0 at the end of input; 1 with a sentence where nothing runs, a line was not taken or what
    shows to be at work did not end."""
    wanted = _arguments(argv)
    try:
        chat = _Chat(
            address=wanted.to or _address(), who=wanted.who, on=wanted.on, channel=wanted.channel
        )
        chat.start()
        taken = [chat.say(line) for line in _lines(f"{wanted.who} on {wanted.on}> ")]
    except (NothingRuns, NotTaken, SettingWrong) as nothing:
        print(nothing, file=sys.stderr)
        return 1
    return 0 if all(taken) else 1


@dataclass(slots=True, kw_only=True)
class _Chat:
    address: str
    who: str
    on: str
    channel: str = ""
    seen: int = 0

    def start(self) -> None:
        """What was said before is not shown again."""
        self.seen = self._call("/stand-ins/replies?after=0&on=none")["last"]

    def say(self, line: str) -> bool:
        """Prints what reaches the person; False where the platform could not deliver the line, or
        an hourglass stayed without an answer."""
        where = {"channel": self.channel} if self.channel else {}
        spoken = {"as": self.who, "on": self.on, "text": line, **where}
        try:
            said = self._call("/stand-ins/says", spoken)
        except NothingRuns as gone:
            raise NothingRuns(_GONE.format(line=line)) from gone
        patience = _patience(line) if said["accepted"] else _MORE_SECONDS
        is_open = False
        for reply in self._answers(said, patience):
            print(_as_shown(reply), flush=True)
            is_open = _is_hourglass(reply)
            if is_open:
                print(_WAITING, file=sys.stderr, flush=True)
        if is_open:
            print(_NO_ANSWER, file=sys.stderr)
        if not said["accepted"]:
            print(said["why"], file=sys.stderr)
        return bool(said["accepted"]) and not is_open

    def _answers(self, said: dict[str, Any], seconds: float) -> Iterator[dict[str, Any]]:
        end, is_at_work = time.monotonic() + seconds, False
        while (left := end - time.monotonic()) > 0:
            query = urllib.parse.urlencode(
                {"after": self.seen, "wait": f"{min(left, _PAGE_SECONDS):.2f}", "on": self.on}
            )
            page = self._call(f"/stand-ins/replies?{query}")
            self.seen = page["last"]
            for reply in page["replies"]:
                if _reaches(reply, self.who, said):
                    yield reply
                    now = time.monotonic()
                    if _is_hourglass(reply):
                        end, is_at_work = now + _AT_WORK_SECONDS, True
                    elif reply["kind"] == "reaction_gone":  # the answer comes behind it
                        end, is_at_work = now + _COMMAND_SECONDS, False
                    elif not is_at_work:
                        end = min(end, now + _MORE_SECONDS)

    def _call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 # the address is the operator's own
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_HTTP_SECONDS) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise NotTaken(_refusal(error)) from error
        except (OSError, ValueError) as error:
            raise NothingRuns("Nothing runs here yet: make run") from error


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chat", description=__doc__)
    parser.add_argument("--as", dest="who", default="ana", help="ana, max, olga, or any viewer")
    parser.add_argument("--on", default="twitch", choices=_PLATFORMS)
    parser.add_argument("--channel", default="", help="another channel than the first one")
    parser.add_argument("--to", default="", help="address of the running platform")
    return parser.parse_args(argv)


def _address() -> str:
    """Where `make run` said it listens, else where it would."""
    settings = LocalSettings.of_running_house()
    with contextlib.suppress(OSError):
        return settings.address_file.read_text().strip().rstrip("/")
    return f"http://127.0.0.1:{settings.port}"


def _lines(prompt: str) -> Iterator[str]:
    while True:
        try:
            line = input(prompt if sys.stdin.isatty() else "")
        except (EOFError, KeyboardInterrupt):
            if sys.stdin.isatty():
                print()
            return
        if line.strip():
            yield line.strip()


def _patience(line: str) -> float:
    return _COMMAND_SECONDS if line.startswith(("!", "#", "/", "@")) else _LINE_SECONDS


def _reaches(reply: dict[str, Any], who: str, said: dict[str, Any]) -> bool:
    """Shown to this person, here or privately, and not as the answer to another line."""
    if reply["in_reply_to"] not in (None, said["event_id"]):
        return False
    if reply["kind"] in _ONLY_YOU:
        return bool(reply["to"] == who)
    return bool(reply["channel"] == said["channel"])


def _is_hourglass(reply: dict[str, Any]) -> bool:
    return reply["kind"] == "reaction" and reply["text"] in _HOURGLASS


def _as_shown(reply: dict[str, Any]) -> str:
    text = str(reply["text"]).replace("\n", "\n           ")
    if reply["kind"] in _SPOKEN:
        return f"WaddleBot  {text}"
    if reply["kind"] in _ONLY_YOU:
        return f"WaddleBot  {text}  (only you see this)"
    return f"({reply['kind']}: {text})"


def _refusal(error: urllib.error.HTTPError) -> str:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        return str(json.load(error)["error"]["message"])
    return f"Something else than WaddleBot answers at {error.url}: make doctor"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
