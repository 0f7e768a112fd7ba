"""Nobody is told that it failed what was kept: the function outlives all that it waits for."""

from __future__ import annotations

from functions.catalogue import IDENTITY
from functions.identity.keeping import REVOKE_SECONDS
from functions.identity.slack_installing import SOCKET_SECONDS
from functions.identity.twitch_allowing import CALL_SECONDS

OF_OUR_SERVERS = 2.0
"""Beginning, keeping, and the page."""


def test_it_has_time_for_a_slow_service_and_for_what_it_revokes_there_afterwards() -> None:
    [row] = IDENTITY
    for asking in (2 * SOCKET_SECONDS, CALL_SECONDS):
        assert asking + REVOKE_SECONDS + OF_OUR_SERVERS <= row.timeout_seconds
