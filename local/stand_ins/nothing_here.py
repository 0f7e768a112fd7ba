"""What is not there, or not for this caller: a page for people, JSON for programs."""

from __future__ import annotations

from html import escape

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, json_answer
from waddlebot.runtime.looks import nothing_here_page, page, wants_page, whole_page_headers


def not_found(request: AsgiRequest, sentence: str) -> AsgiAnswer:
    """`sentence` is for programs and whoever writes one."""
    if wants_page(request.method, request.headers.get("accept", "")):
        return AsgiAnswer(
            status=404, headers=whole_page_headers(), body=nothing_here_page().encode()
        )
    return json_answer({"success": False, "error": {"code": "NOT_FOUND", "message": sentence}}, 404)


def as_page(answer: AsgiAnswer, sentence: str) -> AsgiAnswer:
    """The same refusal, for somebody who reads it in a browser."""
    body = page("Not from here", f"<p>{escape(sentence)}</p>")
    return AsgiAnswer(status=answer.status, headers=whole_page_headers(), body=body.encode())
