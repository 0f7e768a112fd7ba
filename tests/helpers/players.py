"""Stands in for the two players of videos, as far as their documentation says what they do.

What is asked for says in its name how it goes: `plays`, `error`, `refuses` to be framed, `silent`,
`escapes`: it would like to be more than a clip, at once and whenever somebody presses it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from aiohttp import web

_VIDEO = """<!doctype html><body style="margin:0;background:#0a7"><script>
let told = false;
addEventListener("message", ({ data, source, origin }) => {
  const heard = JSON.parse(data);
  if (heard.event !== "listening" || heard.channel !== "widget" || told) return;
  told = true;
  const say = (event, info) => source.postMessage(JSON.stringify({ event, info }), origin);
  say("initialDelivery", { playerState: -1 });
  if (WORD === "error") return say("onError", 150);
  say("onStateChange", 1);
  if (WORD === "ends") setTimeout(() => say("onStateChange", 0), 300);
});
</script>"""
_CLIP = '<!doctype html><body style="margin:0;background:#a0f">a clip'


_ESCAPES = """<!doctype html><body style="margin:0;height:100vh;background:#f50"><script>
const away = (how) => `https://evil.example.org/${how}`;
function link(how, more) {
  const made = Object.assign(document.createElement("a"), { href: away(how), ...more });
  document.body.append(made);
  made.click();
}
function form(how) {
  const made = Object.assign(document.createElement("form"), { action: away(how), target: "_top" });
  document.body.append(made);
  made.submit();
}
const TRIES = [
  () => { top.location = away("top"); },
  () => parent.location.replace(away("parent")),
  () => open(away("open")),
  () => open(away("named"), "_top"),
  () => link("link", { target: "_top" }),
  () => link("blank", { target: "_blank" }),
  () => link("", { href: URL.createObjectURL(new Blob(["a"])), download: "a.exe" }),
  () => form("form"),
  () => { top.ran = 1; },
  () => parent.document.body.remove(),
  () => { location = "javascript:top.ran=1"; },
  () => document.documentElement.requestPointerLock(),
  () => { alert("a"); confirm("b"); prompt("c"); print(); },
  () => parent.postMessage('{"event": "onStateChange", "info": 0}', "*"),
  () => parent.postMessage('{"event": "onError", "info": 150}', "*"),
];
function all() {
  for (const one of TRIES) try { one(); } catch {}
}
addEventListener("click", ({ isTrusted }) => isTrusted && all()); // its links click as well
all();
</script>"""


@dataclass(slots=True, kw_only=True)
class Players:
    """`asked` is each path with its query, `referrers` what was said with it of where it stands."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    referrers: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        self.referrers.append(request.headers.get("referer", ""))
        name = request.query.get("clip") or request.path.rpartition("/")[2]
        if name.startswith("silent"):
            await asyncio.sleep(60)
        words = ("plays", "error", "ends", "refuses", "silent", "escapes")
        word = next(one for one in words if one in name)
        refused = {"x-frame-options": "DENY"} if word == "refuses" else {}
        status = 404 if word == "error" and "clip" in request.query else 200
        page = _CLIP if "clip" in request.query else _VIDEO.replace("WORD", f'"{word}"')
        page = _ESCAPES if word == "escapes" else page
        return web.Response(text=page, status=status, content_type="text/html", headers=refused)


@contextlib.contextmanager
def players_there() -> Iterator[Players]:
    """Running, both at one origin that is not the page's."""
    players, loop = Players(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(_serve(players), loop).result(30)
    try:
        yield players
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(players: Players) -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/embed", players.answer)
    app.router.add_get("/embed/{video}", players.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    players.port = runner.addresses[0][1]
    return runner
