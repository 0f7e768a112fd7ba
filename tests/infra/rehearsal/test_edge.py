"""What stands in for CloudFront in a rehearsal: one that let more through would prove less."""

from __future__ import annotations

from infra.rehearsal.edge import EdgeOrigin, rewritten

ORIGIN = EdgeOrigin(host="origin.bot.example.org", headers={"x-waddlebot-origin": "right"})
VIEWER = "198.51.100.7"


def head(*lines: str) -> bytes:
    return "\r\n".join(["GET /me HTTP/1.1", *lines]).encode()


def told(*lines: str) -> list[str]:
    return rewritten(head(*lines), ORIGIN, VIEWER).decode().removesuffix("\r\n\r\n").split("\r\n")


def test_what_a_viewer_shows_as_a_key_is_replaced() -> None:
    lines = told("Host: bot.example.org", "X-Waddlebot-Origin: guessed", "Accept: */*")
    assert lines[:2] == ["GET /me HTTP/1.1", "Accept: */*"]
    assert sorted(lines[2:]) == [
        "Connection: close",
        "Host: origin.bot.example.org",
        f"X-Forwarded-For: {VIEWER}",
        "x-waddlebot-origin: right",
    ]


def test_a_second_request_would_come_without_it_so_there_is_none() -> None:
    assert told("Connection: keep-alive").count("Connection: close") == 1
    assert "Connection: keep-alive" not in told("Connection: keep-alive")


def test_sockets_stay_open() -> None:
    lines = told("Connection: Upgrade", "Upgrade: websocket")
    assert "Connection: Upgrade" in lines
    assert "Connection: close" not in lines
