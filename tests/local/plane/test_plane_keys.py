from __future__ import annotations

from typing import TYPE_CHECKING

from nacl.signing import SigningKey, VerifyKey

from local.plane import load_dev_env

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "WADDLEBOT_API_KEY",
    "WADDLEBOT_SIGNING_KEY",
    "WADDLEBOT_SEAL_KEY",
    "SLACK_SIGNING_SECRET",
    "DISCORD_PUBLIC_KEY",
    "DISCORD_STAND_IN_PRIVATE_KEY",
    "TWITCH_EVENTSUB_SECRET",
    "DISCORD_APPLICATION_ID",
    "STAND_IN_TOKEN",
    "MEDIA_STORE_SECRET",
    "POSTGRES_PASSWORD",
    "REPLICATION_PASSWORD",
    "VALKEY_CACHE_PASSWORD",
    "VALKEY_LIMITS_PASSWORD",
    "VALKEY_STREAMS_PASSWORD",
}


def assert_keys_fit(keys: dict[str, str]) -> None:
    signed = SigningKey(bytes.fromhex(keys["DISCORD_STAND_IN_PRIVATE_KEY"])).sign(b"waddle")
    VerifyKey(bytes.fromhex(keys["DISCORD_PUBLIC_KEY"])).verify(signed)


def test_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    keys = load_dev_env(home, {})
    assert set(keys) == NAMES
    assert len(set(keys.values())) == len(NAMES)
    assert keys["WADDLEBOT_API_KEY"].startswith("wbot_")
    assert keys["DISCORD_APPLICATION_ID"].isdecimal()
    assert (home / "dev.env").stat().st_mode & 0o777 == 0o600
    assert load_dev_env(home, {}) == keys


def test_discord_signatures_of_the_stand_in_are_accepted(tmp_path: Path) -> None:
    assert_keys_fit(load_dev_env(tmp_path, {}))


def test_each_line_says_what_it_is_for(tmp_path: Path) -> None:
    load_dev_env(tmp_path, {})
    lines = (tmp_path / "dev.env").read_text().splitlines()
    assert all(line.startswith("# ") for line in lines[::2])
    assert {line.split("=")[0] for line in lines[1::2]} == NAMES


def test_given_values_win_and_are_not_written_down(tmp_path: Path) -> None:
    given = {"SLACK_SIGNING_SECRET": "of a real app", "STAND_IN_TOKEN": "", "PATH": "/bin"}
    keys = load_dev_env(tmp_path, given)
    assert keys["SLACK_SIGNING_SECRET"] == "of a real app"
    assert keys["STAND_IN_TOKEN"]
    assert set(keys) == NAMES
    assert "of a real app" not in (tmp_path / "dev.env").read_text()


def test_what_is_missing_is_added_and_what_is_there_is_kept(tmp_path: Path) -> None:
    before = load_dev_env(tmp_path, {})
    file = tmp_path / "dev.env"
    kept = [line for line in file.read_text().splitlines() if "STAND_IN_TOKEN" not in line]
    file.write_text("\n".join([*kept, "# mine", "MY_OWN=1", "SLACK_SIGN"]))
    file.chmod(0o644)
    after = load_dev_env(tmp_path, {})
    assert after["STAND_IN_TOKEN"] != before["STAND_IN_TOKEN"]
    assert {**after, "STAND_IN_TOKEN": ""} == {**before, "STAND_IN_TOKEN": ""}
    assert "# mine\nMY_OWN=1\n" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_dev_env(tmp_path, {}) == after


def test_half_a_key_pair_is_completed(tmp_path: Path) -> None:
    file = tmp_path / "dev.env"
    before = load_dev_env(tmp_path, {})
    file.write_text(f"DISCORD_STAND_IN_PRIVATE_KEY={before['DISCORD_STAND_IN_PRIVATE_KEY']}\n")
    assert load_dev_env(tmp_path, {})["DISCORD_PUBLIC_KEY"] == before["DISCORD_PUBLIC_KEY"]
    file.write_text(f"DISCORD_PUBLIC_KEY={before['DISCORD_PUBLIC_KEY']}\n")
    assert_keys_fit(load_dev_env(tmp_path, {}))


def test_a_file_of_rubbish_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "dev.env").write_bytes(b"\x00\xff\xfe =\n'\n" + b"x" * 100)
    keys = load_dev_env(tmp_path, {})
    assert set(keys) == NAMES
    assert load_dev_env(tmp_path, {}) == keys
