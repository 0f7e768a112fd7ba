"""Lines of chat as a page of `general` gets them."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import Any

import redis

from functions.router.chat_box import frame_of
from tests.helpers.overlay_front import OverlayFront
from waddlebot.domain.chat_lines import ChatLine, ChatNews, Removal
from waddlebot.stores.chat_lines import ChatLines


class ChatOnPage:
    """Lines as the router has them, and the frames that it makes of them."""

    def __init__(self, front: OverlayFront, cache: redis.Redis) -> None:
        self.front, self.lines = front, ChatLines(cache)
        self._numbers = itertools.count(1)

    def says(self, text: str, *, is_told: bool = True, **looks: Any) -> str:
        """Its name; `is_told`: a frame leaves for open sockets."""
        line = self._line(f"twitch:channel:1001|m{next(self._numbers)}", text, **looks)
        self._tell(self.lines.add(self.front.community, [line]), is_told=is_told)
        return line.name

    def changes(self, name: str, text: str, *, is_told: bool = True) -> None:
        changed = self.lines.change(self.front.community, [self._line(name, text)])
        self._tell(changed, is_told=is_told)

    def _line(self, line: str, text: str, **looks: Any) -> ChatLine:
        shown = {
            "at": time.time(),
            "platform": "twitch",
            "name": "Ana",
            "color": "#1e90ff",
            "badges": [],
            "parts": [["text", text]],
            **looks,
        }
        return ChatLine(name=line, whose="twitch:1", at=shown["at"], shown=shown)

    def deletes(self, name: str, *, is_told: bool = True) -> None:
        now = datetime.now(UTC)
        removal = Removal(kind="line", what=name, at=now)
        self._tell(self.lines.remove(self.front.community, [removal]), is_told=is_told)

    def _tell(self, news: ChatNews, *, is_told: bool) -> None:
        if is_told:
            self.front.send("general", frame_of(news))
