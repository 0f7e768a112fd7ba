"""The doors of what was deployed, tried by whoever knows no key: each try is refused, none breaks.

What API Gateway itself turns away (paths, long headers) is the emulator's word here, not AWS's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from infra.rehearsal.front_door import PERSON, PLACE, DeployedApi, chat_notification, signed
from infra.rehearsal.progress import RehearsalFailed

WEBHOOK, PROCESS = "/webhooks/twitch", "/api/router/process"
SIGNATURE = "Twitch-Eventsub-Message-Signature"
MOST_BYTES = 3 * 2**20
DEEP = 100_000
REFUSED = range(400, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    what: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    in_chunks: bool = False


def attack(door: DeployedApi, *, key: str, secret: str) -> str:
    """Raises RehearsalFailed with all that went in or broke. The key and the secret are right: what
    is wrong is where, how or when they are shown."""
    tries = [*_webhooks(secret), *_shown_wrongly(key), *_wrong_bodies(key), *_paths()]
    wrong = [said for one in tries if (said := _wrong(door, one, key))]
    if wrong:
        raise RehearsalFailed("these were not refused:\n" + "\n".join(wrong))
    return f"{len(tries)} tries at the doors were refused"


def _wrong(door: DeployedApi, one: Try, key: str) -> str:
    body = iter([one.body[:9], one.body[9:]]) if one.in_chunks else one.body
    status, text = door.ask(one.method, one.path, body, one.headers)
    told = "Traceback" in text or key in text
    return "" if status in REFUSED and not told else f"{one.what}: {status} {text[:200]}"


def _webhooks(secret: str) -> Iterator[Try]:
    body = _notification()
    right = signed(body, secret)
    without = {name: value for name, value in right.items() if name != SIGNATURE}
    yield Try(what="unsigned", path=WEBHOOK, body=body, headers=without)
    yield Try(what="nothing at all", path=WEBHOOK)
    yield Try(what="in chunks", path=WEBHOOK, body=body, headers=without, in_chunks=True)
    long = {**without, "X-Long": "x" * 30_000}
    yield Try(what="30 kB of headers", path=WEBHOOK, body=body, headers=long)
    yield Try(what="another body", path=WEBHOOK, body=_notification(), headers=right)
    for name in ("Message-Id", "Message-Timestamp"):
        changed = {**right, f"Twitch-Eventsub-{name}": "2026-11-30T00:00:00Z"}
        yield Try(what=f"another {name}", path=WEBHOOK, body=body, headers=changed)
    for shown in (
        "",
        "sha256=",
        "sha1=" + "0" * 40,
        right[SIGNATURE].upper(),
        f"{right[SIGNATURE]}é",
    ):
        odd = {**right, SIGNATURE: shown.encode().decode("latin-1")}
        yield Try(what=f"signed “{shown[:12]}”", path=WEBHOOK, body=body, headers=odd)
    twice = {**right, SIGNATURE: f"{right[SIGNATURE]},{right[SIGNATURE]}"}
    yield Try(what="signed twice", path=WEBHOOK, body=body, headers=twice)
    for minutes in (-11, 11):
        when = datetime.now(UTC) + timedelta(minutes=minutes)
        late = signed(body, secret, when)
        yield Try(what=f"{minutes} minutes away", path=WEBHOOK, body=body, headers=late)
    query = f"{WEBHOOK}?{SIGNATURE}={right[SIGNATURE]}"
    yield Try(what="signed in the address", path=query, body=body, headers=without)
    large = b" " * MOST_BYTES
    yield Try(what="too large", path=WEBHOOK, body=large, headers=signed(large, secret))
    for text in (b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * DEEP):
        told = signed(text, secret)
        yield Try(what=f"signed {text[:4]!r}", path=WEBHOOK, body=text, headers=told)
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        yield Try(what=method, path=WEBHOOK, body=body, headers=right, method=method)


def _shown_wrongly(key: str) -> Iterator[Try]:
    body = _event()
    as_json = {"Content-Type": "application/json"}
    for what, headers in {
        "no key": {},
        "an empty key": {"Authorization": "Bearer "},
        "no scheme": {"Authorization": key},
        "Basic": {"Authorization": f"Basic {key}"},
        "two keys": {"Authorization": f"Bearer {key}, Bearer {key}"},
        "more behind": {"Authorization": f"Bearer {key}x"},
        "less": {"Authorization": f"Bearer {key[:-1]}"},
        "capitals": {"Authorization": f"Bearer {key.upper()}"},
        "a cookie": {"Cookie": f"Authorization=Bearer {key}; token={key}"},
        "a proxy's": {"Proxy-Authorization": f"Bearer {key}"},
        "Amazon's": {"X-Amz-Security-Token": key},
        "letters of no ASCII": {"Authorization": "Bearer wbot_\xe9"},
        "a long one": {"Authorization": "Bearer " + "x" * 8_000},
    }.items():
        yield Try(what=what, path=PROCESS, body=body, headers={**as_json, **headers})
    for place in (f"{PROCESS}?token={key}", f"{PROCESS}?Authorization=Bearer%20{key}"):
        yield Try(what="in the address", path=place, body=body, headers=as_json)
    for path in ("/api/operations/streams", "/api/operations/keys", "/api/communities"):
        yield Try(what=f"no key at {path}", path=path, method="GET")


def _wrong_bodies(key: str) -> Iterator[Try]:
    own = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for text in (
        *(b"", b"[]", b"null", b"1", b"{", b"{}", b"\xff\xfe{}", b"\x00"),
        *(b"[" * DEEP, b'{"a":' * DEEP, b'{"message": "\\ud800"}', b'{"message_type": NaN}'),
        _event().replace(b'"!help"', b"1e999"),
        b" " * MOST_BYTES,
    ):
        yield Try(what=f"the body {text[:12]!r}", path=PROCESS, body=text, headers=own)
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        yield Try(what=method, path=PROCESS, body=_event(), headers=own, method=method)


def _paths() -> Iterator[Try]:
    """However an address is written, behind it stands somebody who asks for a key."""
    for path in (
        *("//webhooks/twitch", "/webhooks//twitch", "/webhooks/twitch/x", "/WEBHOOKS/twitch"),
        *("/webhooks/%2e%2e/webhooks/twitch", "/webhooks/./twitch", "/webhooks/twitch%00"),
        *("/webhooks/twitch%2f", "/webhooks%2ftwitch", "/webhooks/../webhooks/twitch"),
        *("/webhooks/unknown", "/webhooks", "/webhooks/twitch;x=1"),
    ):
        yield Try(what=path, path=path, body=_notification())
    for path in (
        *("//api/router/process", "/api//router/process", "/api/router/%2e%2e/router/process"),
        *("/api/operations/..%2f..%2fapi/router/process", "/api/router/process/x"),
    ):
        yield Try(what=path, path=path, body=_event())


def _notification() -> bytes:
    return json.dumps(chat_notification("!help")).encode()


def _event() -> bytes:
    told = {
        "message_type": "chatMessage",
        "entity_id": PLACE,
        "user_id": PERSON,
        "username": "ana",
        "message": "!help",
    }
    return json.dumps(told).encode()
