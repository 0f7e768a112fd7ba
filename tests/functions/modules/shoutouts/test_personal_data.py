from __future__ import annotations

from functions.modules.shoutouts.personal_data import erase, export
from functions.modules.shoutouts.store import Shoutouts
from tests.functions.modules.shoutouts.talking import Talk, a_channel, raids, says


def kinds(shoutouts: Shoutouts, user_id: str, platform: str = "twitch") -> list[str]:
    return [one["kind"] for one in export(1, platform, user_id, shoutouts)]


def test_a_person_gets_what_is_kept_of_them(chat: Talk, shoutouts: Shoutouts) -> None:
    says(chat, "!so raid on")
    says(chat, "!so text rita Hi {user}", a_channel("rita", id="rita"))
    raids(chat, "Rita")
    says(chat, "!so block sam", a_channel("sam"))

    assert kinds(shoutouts, "rita") == ["friend", "shoutout", "raid"]
    assert kinds(shoutouts, "id-sam") == ["blocked"]
    assert kinds(shoutouts, "max") == []
    says(chat, "!so ana", a_channel("ana"))
    assert kinds(shoutouts, "max") == ["given"]
    assert kinds(shoutouts, "rita", "discord") == []
    assert export(2, "twitch", "rita", shoutouts) == []


def test_who_is_forgotten_is_on_no_list(chat: Talk, shoutouts: Shoutouts) -> None:
    says(chat, "!so raid on")
    says(chat, "!so add rita", a_channel("rita", id="rita"))
    raids(chat, "Rita")
    says(chat, "!so ana", a_channel("ana"))

    assert erase(1, "twitch", "rita", shoutouts) == 3
    assert erase(1, "twitch", "max", shoutouts) == 1

    assert kinds(shoutouts, "rita") == kinds(shoutouts, "max") == []
    assert "Nobody is on the list" in says(chat, "!so list")[0]
    [told] = says(chat, "!so history")
    assert "Rita" not in told
    assert "Max" not in told
    assert "Ana" in told


def test_who_is_blocked_and_forgotten_stays_blocked(chat: Talk, shoutouts: Shoutouts) -> None:
    says(chat, "!so block sam", a_channel("sam", id="sam"))
    says(chat, "!so block samuel", a_channel("samuel", id="sam"))
    chat.happens("ban", to="Sam")

    erase(1, "twitch", "sam", shoutouts)

    assert "No shoutout for Sam" in says(chat, "!so sam", a_channel("sam", id="sam"))[0]
    assert [one["number"] for one in export(1, "twitch", "sam", shoutouts)] == [1]


def test_who_was_blocked_while_twitch_said_no_id_is_whoever_was_seen_so(
    chat: Talk, shoutouts: Shoutouts
) -> None:
    says(chat, "!so block silas")
    assert kinds(shoutouts, "seen-as-silas") == ["blocked"]
    assert kinds(shoutouts, "somebody") == []
    erase(1, "twitch", "somebody", shoutouts)
    erase(1, "twitch", "seen-as-silas", shoutouts)
    silas = a_channel("silas", id="seen-as-silas")
    assert "No shoutout for Silas" in says(chat, "!so silas", silas)[0]
    assert "No shoutout" not in says(chat, "!so silas", a_channel("silas", id="another"))[0]
