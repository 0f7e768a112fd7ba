"""What Slack takes as a message, and its word for what it does not."""

from __future__ import annotations

from local.stand_ins.asgi import Json
from local.stand_ins.slack.components import is_wrong_block
from local.stand_ins.slack.payloads import blocks_in

_MOST_CHARACTERS = 40_000
_MOST_BLOCKS = 50


class SlackError(Exception):
    """The word stands in `error` of the answer; `more` beside it."""

    def __init__(self, error: str, **more: str) -> None:
        super().__init__(error)
        self.more = more


def check_content(arguments: Json) -> None:
    blocks = blocks_in(arguments)
    text = str(arguments.get("text") or arguments.get("markdown_text") or "")
    if not text and not blocks and not arguments.get("attachments"):
        raise SlackError("no_text")
    if len(text) > _MOST_CHARACTERS:
        raise SlackError("msg_too_long")
    if len(blocks) > _MOST_BLOCKS or any(map(_is_wrong, blocks)):
        raise SlackError("invalid_blocks")


def _is_wrong(block: Json) -> bool:
    return is_wrong_block(block) or _too_long(block)


def _too_long(block: Json) -> bool:
    return block.get("type") == "section" and len((block.get("text") or {}).get("text", "")) > 3_000
