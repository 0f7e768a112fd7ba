"""A module's own web addresses, from the catalogue's row through the front to its tables."""

from __future__ import annotations

import httpx

from tests.helpers.visiting import AT, client, visited
from waddlebot.stores.postgres import Postgres

__all__ = ["client", "visited"]  # fixtures


def guests(database: Postgres) -> list[str]:
    return [row["name"] for row in database.write("SELECT name FROM guests")]


def test_somebody_is_sent_back_to_a_module_a_feed_is_read_and_a_service_tells_something(
    client: httpx.Client, database: Postgres
) -> None:
    """One house for all of it: a service that starts costs seconds."""
    back = client.get(f"{AT}/signed/example?name=<b>Ana</b>", headers={"accept": "text/html"})
    assert back.status_code == 200
    assert "<h1>You are in the book</h1><p>Guest 1: &lt;b&gt;Ana&lt;/b&gt;</p>" in back.text
    assert "default-src 'none'" in back.headers["content-security-policy"]
    assert back.headers["referrer-policy"] == "no-referrer"

    told = client.post(
        f"{AT}/told",
        json={"names": ["Max", "Olga"]},
        headers={
            "cookie": "session=1",
            "authorization": "Bearer wbk_1",
            "proxy-authorization": "Bearer wbk_1",
            "x-api-key": "wbk_1",
            "x-signature": "s",
        },
    )
    assert told.json()["number"] == 3
    assert "x-signature" in told.json()["seen"]
    assert not {"cookie", "authorization", "proxy-authorization", "x-api-key"} & {
        *told.json()["seen"]
    }

    feed = client.get(f"{AT}/feed.xml")
    assert feed.headers["content-type"] == "application/rss+xml"
    assert "sandbox" in feed.headers["content-security-policy"]
    assert "<title>Olga</title>" in feed.text

    on = client.get(f"{AT}/begin")
    back_to = "https%3A%2F%2Fbot.example.org%2Fmodules%2Fguestbook%2Fsigned%2Faccounts"
    assert on.status_code == 303
    assert on.headers["location"].startswith("https://accounts.example/")
    assert on.headers["location"].endswith(f"&redirect_uri={back_to}")

    refused = client.get(f"{AT}/signed/closed?name=Eve")
    assert refused.status_code == 409
    assert refused.json()["error"]["message"] == "Nobody signs here any more."
    as_page = client.get(f"{AT}/signed/closed?name=Eve", headers={"accept": "text/html"})
    assert "<p>Nobody signs here any more.</p>" in as_page.text

    too_long = client.post(f"{AT}/told", content=b"x" * 1001)
    assert (too_long.status_code, too_long.json()["error"]["code"]) == (413, "BODY_TOO_LARGE")

    for _ in range(2):
        assert client.post(f"{AT}/once").status_code == 200
    for header in ({}, {"x-forwarded-for": "198.51.100.7"}):  # anybody can write that
        often = client.post(f"{AT}/once", headers=header)
        assert (often.status_code, often.json()["error"]["code"]) == (429, "RATE_LIMITED")
        assert 0 < int(often.headers["retry-after"]) <= 61

    broken = client.post(f"{AT}/told", content=b"no json")
    assert (broken.status_code, broken.json()["error"]["code"]) == (500, "INTERNAL_ERROR")
    for how in ("html", "picture", "page", "away", "script", "split", "status", "long"):
        wrong = client.get(f"{AT}/wrong?how={how}")
        assert wrong.status_code == 500, how
        assert "set-cookie" not in wrong.headers
    assert client.get(f"{AT}/nothing").status_code == 404
    by_post = client.post(f"{AT}/begin")
    assert (by_post.status_code, by_post.headers["allow"]) == (405, "GET, HEAD")
    by_get = client.get(f"{AT}/told", headers={"accept": "text/html"})
    assert (by_get.status_code, by_get.headers["allow"]) == (405, "POST")
    assert "<p>This address takes POST alone.</p>" in by_get.text
    head = client.head(f"{AT}/feed.xml")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "application/rss+xml"

    # What was answered with a failure did not happen.
    assert guests(database) == ["<b>Ana</b>", "Max", "Olga", "once", "once"]
