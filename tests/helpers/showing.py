"""A module that shows on overlays what somebody types: any kind, for one second."""

from __future__ import annotations

CODE = """
from waddlebot_sdk import Call, General, Media, Module, Ticker, command

@command("showing <kind> <words>", "Show it.", example="showing text Hi", per_minute=1000)
def showing(call: Call, _: object) -> object:
    kind, words = call.arguments["kind"], call.text.partition(" ")[2]
    if kind == "ticker":
        return Ticker(words, seconds=1)
    if kind == "clip":
        return Media(media_type="clip", media_url="", details={"title": words, "duration": 0.5})
    return General(content_type=kind, content=words, seconds=1)


MODULE = Module(name="showing", summary="Shows.", commands=(showing,))
"""
"""For `add_house_module`."""

KINDS = ("ticker", "clip", "html", "text", "form", "announcement", "alert")
