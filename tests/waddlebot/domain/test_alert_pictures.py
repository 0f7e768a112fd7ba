"""A picture that an alert may have is one that the page shows: nobody is told otherwise."""

from __future__ import annotations

import pytest

from functions.overlay.shown_files import address_of
from waddlebot.domain.alerts import AlertRule, check_alert
from waddlebot.domain.errors import Refusal

HOST = "https://example.com"


@pytest.mark.parametrize("address", [f"{HOST}/a.png", f"{HOST}:443/a.png?x=1", f"{HOST}/%C3%A9"])
def test_a_picture_of_the_open_web_is_kept_and_shown(address: str) -> None:
    kept = check_alert(AlertRule(kind="raid", image=address), ["twitch"])

    assert address_of(kept.image) == address


@pytest.mark.parametrize(
    "address", [f"{HOST}:8443/a.png", "https://nas.local/a.png", 'https://example.com/a".png']
)
def test_what_no_page_loads_is_refused_where_it_is_said(address: str) -> None:
    with pytest.raises(Refusal, match=r"OBS loads pictures from the open web alone"):
        check_alert(AlertRule(kind="raid", image=address), ["twitch"])
    assert address_of(address) == ""
