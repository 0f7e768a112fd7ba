"""A moderator uploads a picture: the house reads it back, serves it, and shows it in OBS."""

from __future__ import annotations

import io
import uuid
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.helpers import signed
from tests.helpers.chatting import says, says_privately
from tests.helpers.house import Chat, House
from tests.helpers.media_samples import opus, png
from tests.helpers.obs import USUAL, browser_source, chromium
from tests.helpers.overlay_addresses import lets, paths_in
from tests.helpers.uploading import MediaApi, fetch, post_form
from waddlebot.domain.media_files import AS_A_FILE

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.xdist_group("overlays")
TWITCH = pytest.mark.parametrize("chat", ["twitch"], indirect=True)
PATIENCE_MS = 60_000


@TWITCH
def test_what_a_moderator_uploads_is_read_back_served_shown_and_removed(
    chat: Chat, chromium: Browser
) -> None:
    lets(chat)
    media = media_of(chat)
    upload = media.asks_for("tada", "image/png", 10_000)
    assert media.file("tada")["state"] == "asked"
    assert post_form(upload, png()).status == 204
    file = media.read_back("tada")
    assert (file["state"], file["width"], file["height"]) == ("ready", 64, 48), file

    assert not file["address"].startswith(chat.house.url)
    served = fetch(here(chat.house, file["address"]))
    assert served.status == 200
    assert served.headers["content-type"] == "image/png"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert served.headers["content-disposition"] == "attachment"
    assert "sandbox" in served.headers["content-security-policy"]
    with Image.open(io.BytesIO(served.body)) as image:
        assert image.size == (64, 48)

    says(chat, "olga", "!media", "tada (image, 64 by 48)")
    [path] = paths_in(says_privately(chat, "!overlay general", "In OBS: "))
    with browser_source(chromium, f"{chat.house.url}{path}", size=USUAL) as obs:
        says(chat, "olga", "!media show tada", "tada is on general now.")
        shown = obs.page.locator(".card.image.is-shown img")
        expect(shown).to_be_visible(timeout=PATIENCE_MS)
        assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 64
        assert shown.get_attribute("src") == file["address"]
        policy = fetch(f"{chat.house.url}{path}").headers["content-security-policy"]
        host = file["address"].removesuffix(urlsplit(file["address"]).path)
        assert f"img-src {host} https: data:; media-src {host} https:;" in policy
        assert obs.complaints == []

    says(chat, "olga", "!media remove tada", "tada is removed.")
    assert media.ask("GET")[1]["data"] == []


@TWITCH
def test_the_host_of_files_serves_files_and_nothing_else_and_hears_no_cookie(chat: Chat) -> None:
    lets(chat)
    media = media_of(chat)
    file = media.puts_in("tada", "image/png", png())
    at = here(chat.house, file["address"])
    host = at.removesuffix(urlsplit(at).path)
    for path in ("/", "/me", "/api/openapi.json", "/files" + urlsplit(at).path, "/../me", "/x/me"):
        answer = fetch(f"{host}{path}")
        assert answer.status == 404, path
    by_path = fetch(f"{chat.house.url}/files{urlsplit(at).path}")
    with_cookie = fetch(f"{at}?x=1", "GET", b"", {"cookie": "waddlebot=1"})
    assert with_cookie.body == by_path.body
    assert "set-cookie" not in with_cookie.headers
    for name, value in AS_A_FILE.items():
        assert with_cookie.headers[name] == value


@TWITCH
def test_a_raid_has_the_picture_and_the_sound_that_a_moderator_chose(
    chat: Chat, chromium: Browser
) -> None:
    lets(chat)
    media = media_of(chat)
    assert media.puts_in("tada", "image/png", png())["state"] == "ready"
    assert media.puts_in("fanfare", "audio/ogg", opus())["state"] == "ready"
    [path] = paths_in(says_privately(chat, "!overlay general", "In OBS: "))
    chosen = "picture tada, sound fanfare"
    says(chat, "olga", "!alerts set raid image tada sound fanfare", chosen)
    with browser_source(chromium, f"{chat.house.url}{path}", size=USUAL) as obs:
        _raid(chat)
        shown = obs.page.locator(".card.alert.is-shown")
        expect(shown.locator("img.picture")).to_be_visible(timeout=PATIENCE_MS)
        sound = shown.locator("audio")
        is_heard = "one => new Promise((done) => one.ended || one.currentTime > 0 ? done(true)"
        is_heard += " : one.addEventListener('timeupdate', () => done(true)))"
        assert sound.evaluate(is_heard)
        says(chat, "olga", "!media remove tada", "tada is removed.")
        says(chat, "olga", "!alerts", "”, sound fanfare")
        assert obs.complaints == []


def _raid(chat: Chat) -> None:
    to = {"to_broadcaster_user_id": chat.channel}
    about = {"id": str(uuid.uuid4()), "type": "channel.raid", "version": "1", "status": "enabled"}
    who = {"id": "77", "login": "gus", "name": "Gus"}
    raid = {f"from_broadcaster_user_{name}": value for name, value in who.items()}
    body = {"subscription": {**about, "condition": to}, "event": {**raid, **to, "viewers": 42}}
    assert signed.twitch(chat.house, body).send(chat.house)[0] in {200, 204}


@TWITCH
def test_what_is_none_is_refused_and_a_form_is_good_for_one_file(chat: Chat) -> None:
    media = media_of(chat)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    refused = media.puts_in("logo", "image/png", svg)
    assert refused["state"] == "refused"
    assert refused["words"].startswith("That is no picture that I can read")
    assert refused["address"] is None

    upload = media.asks_for("logo", "image/png", 10_000)  # what was refused is in nobody's way
    assert post_form(upload, png((30, 30))).status == 204
    file = media.read_back("logo")
    assert post_form(upload, png((90, 90), "navy")).status == 204
    media.puts_in("after", "audio/ogg", opus())  # by then the replayed one was looked at
    assert media.file("logo") == file
    with Image.open(io.BytesIO(fetch(here(chat.house, file["address"])).body)) as image:
        assert image.size == (30, 30)

    status, told = media.ask("POST", body={"name": "logo", "type": "image/png", "bytes": 9})
    assert (status, told["error"]["code"]) == (400, "NAME_TAKEN"), told
    sound = media.file("after")
    served = fetch(here(chat.house, sound["address"]))
    assert served.headers["content-type"] == "audio/ogg"
    for wrong in ("x.png", f"{'0' * 32}.svg", f"{'0' * 32}.png", "..%2f..%2fdev.env"):
        at = f"{chat.house.url}/files/{media.community}/{wrong}"
        assert fetch(at).status == 404, wrong
    assert fetch(here(chat.house, file["address"]), "POST", b"").status == 405


def media_of(chat: Chat) -> MediaApi:
    """Of the community of this channel, which is called anew for it."""
    name = f"Media {uuid.uuid4().hex[:8]}"
    says(chat, "olga", f"!community name {name}", name)
    listed, after = [], -1
    while after is not None:
        bearer = f"Bearer {chat.house.keys['WADDLEBOT_API_KEY']}"
        page = chat.house.get(f"/api/communities?after={after}", authorization=bearer)
        listed += page["data"]
        after = page["meta"]["pagination"]["next"]
    [found] = [one["id"] for one in listed if one["name"] == name]
    return MediaApi(house=chat.house, community=found)


def here(house: House, address: str) -> str:
    """Addresses begin with the name by which people know this machine."""
    return address.replace("http://localhost", "http://127.0.0.1") if house else address
