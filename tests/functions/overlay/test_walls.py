"""Walls of an overlay's pages: headers of every answer, and other people's frames."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from functions.overlay import handler as overlay
from tests.helpers.obs import browser_source
from tests.helpers.overlay_front import TOKEN, OverlayFront, connected
from tests.helpers.overlays import a_token
from waddlebot_sdk import General

FILES = ("", "state", "look.css", "general.js", "page.css", "inter.woff2", "html-1", "nothing")
POLICY = "content-security-policy"
FOREIGN = "https://evil.example.org/"


def gets(file: str, token: str = TOKEN, method: str = "GET") -> dict[str, Any]:
    at = "/overlay/{token}/{source}" + ("/{file}" if file else "")
    path = {"token": token, "source": "general", "file": file}
    return overlay.handler(
        {
            "routeKey": f"{method} {at}",
            "pathParameters": path,
            "requestContext": {"http": {"method": method}},
        },
        None,
    )


@pytest.mark.parametrize("file", FILES)
def test_every_answer_has_its_headers(front: OverlayFront, file: str) -> None:
    front.push(General(content_type="html", content="<p>long</p>" + "&" * 8000, seconds=60))
    for answer in (gets(file), gets(file, a_token("guessed")), gets(file, method="POST")):
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        policy = headers[POLICY]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        for rule in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
            assert rule in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert "set-cookie" not in headers
        if not file.endswith((".js", ".css", ".woff2")) or answer["statusCode"] != 200:
            assert headers["cache-control"] == "no-store"
        assert TOKEN not in str(headers)
    assert gets("")["statusCode"] == 200
    assert gets("html-1")["statusCode"] == 200
    rules = [one.strip() for one in gets("html-1")["headers"][POLICY].split(";")]
    assert "sandbox" in rules


def test_a_page_in_somebody_elses_frame_does_not_live(
    front: OverlayFront, chromium: Browser
) -> None:
    page = front.page("general")
    with browser_source(chromium, page) as obs:
        connected(front, "general")
        frame = f'<iframe src="{page}"></iframe><iframe src="{page}" sandbox></iframe>'
        obs.context.route(FOREIGN, lambda at: at.fulfill(content_type="text/html", body=frame))
        obs.page.goto(FOREIGN)
        obs.page.wait_for_load_state("load")
        said = [one.evaluate("document.body.innerHTML") for one in obs.page.frames[1:]]

        assert len(said) == 2
        assert not any("stage" in one for one in said)
        obs.page.wait_for_timeout(500)
        assert front.open_sockets("general") == 0

        obs.context.route(page, without_policy)  # it is the policy that keeps it from living there
        obs.page.goto(FOREIGN)
        connected(front, "general")
        assert "stage" in obs.page.frames[1].evaluate("document.body.innerHTML")


def without_policy(at: Route) -> None:
    answer = at.fetch()
    kept = {name: said for name, said in answer.headers.items() if name.lower() != POLICY}
    at.fulfill(response=answer, headers=kept)
