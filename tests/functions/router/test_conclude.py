from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.router.conclude import conclude
from functions.router.execute import Wave
from tests.helpers.events_and_commands import (
    SLACK,
    TWITCH,
    a_command,
    a_listener,
    a_match,
    a_rule_trigger,
    a_session,
    a_verdict,
    an_event,
)
from tests.helpers.executions import ran
from waddlebot.domain.events import Channel, Interaction
from waddlebot.domain.executions import Execution, Notice, Status, execution_id
from waddlebot.domain.matches import Standing
from waddlebot.domain.message_parts import split_text
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot_sdk.responses import Chat, Failed, General, Media, Ticker
from waddlebot_sdk.roles import Role


def outcome_of(verdict: Verdict, *executions: Execution) -> Outcome:
    [outcome] = conclude(
        Wave(sessions=[verdict.match.session], verdicts=[verdict], executions=executions)
    )
    return outcome


def texts(outcome: Outcome) -> list[str]:
    return [reply.text for reply in outcome.replies]


def test_every_event_has_its_outcome_also_where_nothing_matched() -> None:
    quiet, loud = a_session("hello"), a_session("!quote")
    verdict = a_verdict(a_match(session=loud))
    first, second = conclude(
        Wave(
            sessions=[quiet, loud],
            verdicts=[verdict],
            executions=[ran(verdict, Chat("#3: Waddle on!"))],
        )
    )
    assert first == Outcome(session=quiet)
    assert (second.session, second.verdicts) == (loud, (verdict,))
    [reply] = second.replies
    assert reply.id == f"{execution_id(verdict.match)}0"
    assert (reply.text, reply.user, reply.user_name) == ("#3: Waddle on!", "id-ana", "Ana")
    assert (reply.way_back, reply.private) == (Channel(message="m1"), False)


def test_a_reply_id_fits_discords_nonce() -> None:
    verdict = a_verdict()
    outcome = outcome_of(verdict, ran(verdict, *[Chat("word " * 400)] * 5))
    assert len({reply.id for reply in outcome.replies}) == len(outcome.replies) > 1
    assert max(len(reply.id) for reply in outcome.replies) <= 25


def test_an_answer_of_a_private_command_is_private() -> None:
    verdict = a_verdict(a_match(a_command(private=True)))
    [reply] = outcome_of(verdict, ran(verdict, Chat("psst"))).replies
    assert reply.private
    verdict = a_verdict()
    [reply] = outcome_of(verdict, ran(verdict, Chat("psst", private=True))).replies
    assert reply.private


def test_a_refusal_is_said_privately_and_only_where_it_is_to_be_said() -> None:
    match = a_match(a_command("addquote", role=Role.MODERATOR))
    [reply] = outcome_of(a_verdict(match, Reason.ROLE, said=True)).replies
    assert reply.private
    assert "!addquote is for moderators only" in reply.text
    assert outcome_of(a_verdict(match, Reason.ROLE)).replies == ()


@pytest.mark.parametrize("reason", [Reason.COOLDOWN, Reason.LIMIT])
def test_a_refusal_says_how_long_to_wait(reason: Reason) -> None:
    [reply] = outcome_of(a_verdict(reason=reason, said=True, wait_seconds=3.2)).replies
    assert "!quote" in reply.text
    assert "4 s" in reply.text


def test_a_failure_is_said_with_a_reference_where_somebody_asked() -> None:
    verdict = a_verdict()
    [reply] = outcome_of(verdict, ran(verdict, Failed(""))).replies
    assert f"(ref {execution_id(verdict.match)[:4].upper()})" in reply.text
    assert texts(outcome_of(verdict, ran(verdict, Failed("No luck.")))) == ["No luck."]


@pytest.mark.parametrize("trigger", [a_listener("raid"), a_rule_trigger()])
def test_nobody_hears_of_a_failure_that_nobody_asked_for(trigger: object) -> None:
    verdict = a_verdict(a_match(trigger))  # type: ignore[arg-type]
    assert outcome_of(verdict, ran(verdict, Failed("No luck."))).replies == ()


def test_what_is_for_the_overlay_is_pushed_and_not_said() -> None:
    verdict = a_verdict()
    shown: tuple[Ticker | Media | General, ...] = (
        Ticker("news"),
        Media(media_type="music", media_url="https://example.org/1"),
        General(content="<b>hi</b>", content_type="html"),
    )
    outcome = outcome_of(verdict, ran(verdict, Chat("kept"), *shown))
    assert texts(outcome) == ["kept"]
    assert [(push.source, push.content) for push in outcome.overlay_pushes] == [
        (source, {**response.to_wire(), "told_by": "memories"})
        for source, response in zip(("ticker", "media", "general"), shown, strict=True)
    ]


def test_a_notice_goes_elsewhere_as_a_line_of_its_own() -> None:
    verdict = a_verdict(a_match(a_rule_trigger()))
    execution = ran(verdict, Chat("gone", private=True), notices=(Notice(entity=SLACK, text="!"),))
    person, moderators = outcome_of(verdict, execution).replies
    assert (person.entity, person.private) == (TWITCH, True)
    assert (moderators.entity, moderators.way_back, moderators.user) == (SLACK, Channel(), None)
    assert person.id != moderators.id


def delete(entity: str) -> PlatformAction:
    return PlatformAction(
        id="x",
        kind=ActionKind.DELETE_MESSAGE,
        entity=entity,  # type: ignore[arg-type]
        message="m1",
    )


def test_nothing_is_deleted_where_the_platform_does_not_let_the_bot() -> None:
    for entity, count in ((TWITCH, 1), (SLACK, 0)):
        session = a_session(event=an_event("nitro", entity=entity))
        verdict = a_verdict(a_match(a_rule_trigger(), session=session))
        execution = ran(verdict, platform_actions=(delete(entity),))
        assert len(outcome_of(verdict, execution).platform_actions) == count


def test_an_open_call_leaves_the_event_open() -> None:
    verdict = a_verdict()
    pending = replace(ran(verdict), status=Status.PENDING)
    outcome = outcome_of(verdict, pending)
    assert outcome.passed_on
    assert outcome.replies == ()


@pytest.mark.parametrize("standing", [Standing.BUSY, Standing.DONE])
def test_what_is_not_ours_has_no_replies(standing: Standing) -> None:
    match = replace(a_match(), standing=standing)
    outcome = outcome_of(a_verdict(match, Reason.REPEATED, said=True))
    assert (outcome.standing, outcome.replies) == (standing, ())


def test_a_long_answer_is_cut_to_what_the_platform_takes() -> None:
    verdict = a_verdict()
    parts = texts(outcome_of(verdict, ran(verdict, Chat("penguin " * 500))))
    assert len(parts) == 3
    assert all(len(part) <= 500 for part in parts)
    assert all(part.endswith("penguin") for part in parts[:2])
    assert parts[2].endswith("penguin… (cut here: too long for chat)")


def test_an_empty_answer_says_nothing() -> None:
    verdict = a_verdict()
    assert outcome_of(verdict, ran(verdict, Chat("  \n"))).replies == ()


@given(st.text(alphabet="ab \n", max_size=120), st.integers(3, 30), st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_parts_fit_and_lose_nothing_but_spaces(text: str, characters: int, messages: int) -> None:
    parts = split_text(text, most_characters=characters, most_messages=messages)
    assert len(parts) <= messages
    assert all(0 < len(part) <= characters for part in parts)
    joined, whole = "".join("".join(parts).split()), "".join(text.split())
    if joined.endswith("…"):
        assert whole.startswith(joined.removesuffix("…"))
        assert len(parts) == messages
    else:
        assert joined == whole


def test_a_text_is_cut_at_a_line_end_first() -> None:
    assert split_text("one two\nthree four", most_characters=12, most_messages=3) == [
        "one two",
        "three four",
    ]


def test_a_place_that_is_kept_for_an_answer_does_not_stay_empty() -> None:
    until = an_event().occurred_at
    slash = an_event(
        "!quote", way_back=Interaction(application="1", id="2", token="t", until=until)
    )
    asked = a_verdict(a_match(session=a_session(event=slash)))
    assert texts(outcome_of(asked, ran(asked))) == ["Done."]
    assert texts(outcome_of(asked, ran(asked, Ticker("on the overlay")))) == ["Done."]
    assert texts(outcome_of(asked, ran(asked, Chat("#3: Waddle on!")))) == ["#3: Waddle on!"]
    pending = replace(ran(asked), status=Status.PENDING)
    assert texts(outcome_of(asked, pending)) == []
    in_chat = a_verdict()
    assert texts(outcome_of(in_chat, ran(in_chat))) == []
