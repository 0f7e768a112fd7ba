"""What would let a red run look green: steps that fail, events in a wrong order, a false key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.rehearsal.front_door import chat_notification, signed
from infra.rehearsal.order import count_updated, updated_before_migration
from infra.rehearsal.page import FollowedPage
from infra.rehearsal.processes import run_to_end
from infra.rehearsal.progress import RehearsalFailed, RehearsalStep, run_steps

FUNCTION = "AWS::Lambda::Function"


def event(name: str, kind: str = FUNCTION) -> dict[str, str]:
    return {"LogicalResourceId": name, "ResourceType": kind, "ResourceStatus": "UPDATE_COMPLETE"}


MIGRATED = event("UpkeepMigrateAtDeploy", "Custom::Trigger")
SWEPT = event("UpkeepSweepAtDeploy", "Custom::Trigger")


def test_the_first_step_that_fails_ends_the_run_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise RehearsalFailed("nobody answered")

    def never() -> str:
        raise AssertionError

    steps = [
        RehearsalStep(name="bootstrap", do=lambda: "done"),
        RehearsalStep(name="deploy", do=fail),
        RehearsalStep(name="chat", do=never),
    ]
    with pytest.raises(RehearsalFailed, match='failed at "deploy": nobody answered') as failed:
        run_steps(steps, tmp_path)
    assert str(tmp_path) in str(failed.value)
    assert "bootstrap" in capsys.readouterr().out


def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    def run(script: str, seconds: float = 20) -> str:
        command = ["/bin/sh", "-c", script]
        return run_to_end(
            "cdk", command, logs=tmp_path, environment={}, folder=tmp_path, seconds=seconds
        )

    assert run("echo deployed") == "deployed\n"
    with pytest.raises(RehearsalFailed, match=r"ended with 3 .cdk.log.: no such secret"):
        run("echo no such secret; exit 3")
    with pytest.raises(RehearsalFailed, match=r"more than 0\.2 s: still there"):
        run("echo still there; exec sleep 60", seconds=0.2)


def test_a_function_with_new_code_before_the_migration_is_found() -> None:
    early = [event("Router"), MIGRATED, event("Memories")]
    assert updated_before_migration(early) == ["Router"]
    assert count_updated(early) == 2
    in_order = [event("UpkeepMigrate"), MIGRATED, event("Router")]
    assert updated_before_migration(in_order) == []


def test_without_a_migration_every_function_is_early() -> None:
    assert updated_before_migration([event("Router")]) == ["Router"]


def test_who_is_called_at_deploy_itself_waits_too() -> None:
    calls = [event("AWSCDKTriggerHandler"), event("UpkeepMigrate")]
    assert updated_before_migration([*calls, MIGRATED, event("UpkeepSweep684E"), SWEPT]) == []
    early = [*calls, event("UpkeepSweep684E"), MIGRATED, SWEPT]
    assert updated_before_migration(early) == ["UpkeepSweep684E"]


def test_what_the_page_exports_stays_in_the_terminal_and_what_fails_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "aws.md"
    shell = "<!-- aws: {} -->\n```console\n$ {}\n```\n".format
    page.write_text(
        shell("key", "export WADDLEBOT_API_KEY=$(echo honk; echo Keep it. >&2)")
        + shell("first", "echo it is $WADDLEBOT_API_KEY")
        + shell("broken", "false | true")
    )
    monkeypatch.setattr("infra.rehearsal.page.PAGE", page)
    followed = FollowedPage({"PATH": os.environ["PATH"]}, tmp_path)
    assert followed.follow("key") == "Keep it.\n"
    assert followed.follow("first") == "it is honk\n"
    assert followed.pipe("of nobody", "cat") == "of nobody"
    assert followed.left_out() == ["broken"]
    with pytest.raises(RehearsalFailed, match="ended with 1"):
        followed.follow("broken")
    assert not list(tmp_path.glob("exported"))


def test_a_webhook_is_signed_as_twitch_does() -> None:
    one, other = (signed(b"{}", secret)["Twitch-Eventsub-Message-Signature"] for secret in "ab")
    assert one.startswith("sha256=")
    assert len(one) == len("sha256=") + 64
    assert one != other
    assert chat_notification("#roll")["event"]["message"]["text"] == "#roll"
