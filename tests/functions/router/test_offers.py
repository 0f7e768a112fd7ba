"""What modules offer, as its platform shows it, and whom a press of it reaches."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

import redis

from functions.router.execute import Wave
from functions.router.judge import judge
from functions.router.limits import Limits
from functions.router.match import Triggers, find_matches
from functions.router.offers import Offers
from functions.router.rule_sets import RuleSets
from tests.helpers.events_and_commands import (
    COMMANDS_VERSION,
    a_command,
    a_listener,
    a_match,
    a_session,
    a_speaker,
    a_verdict,
    an_event,
)
from tests.helpers.executions import ran
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import MessageType, Speaker
from waddlebot.domain.executions import OfferedChat, SecretChat
from waddlebot.domain.matches import Match
from waddlebot.domain.public_addresses import public_address
from waddlebot.domain.triggers import ComponentTrigger
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.platforms.discord.render import opens_form
from waddlebot.stores.offered import WaitingOffers
from waddlebot_sdk import Button, Buttons, Chat, Field, Form, General, Option, Select, Terms
from waddlebot_sdk.responses import Response
from waddlebot_sdk.roles import Role

DISCORD, TWITCH = EntityId("discord:channel:1/2"), EntityId("twitch:channel:1")
PICK = a_command("pick", module="forms", usage="pick <number>", destination="builtin")
TABLE = CommandTable(
    [PICK],
    [a_listener(kind, module=module) for kind in MessageType for module in ("memories", "songs")],
)
TRIGGERS = Triggers({COMMANDS_VERSION: TABLE}, RuleSets(), lambda: "key")
BOTH = Buttons("Which?", (Button("One", "take", "1"), Button("Two", "take", "2")))


def offers(cache: redis.Redis, key: str = "key") -> Offers:
    public = public_address("https://bot.example.org")
    return Offers(store=WaitingOffers(cache), signing_key=lambda: key, public=public)


def said(made: Offers, *responses: Response, at: EntityId, role: Role = Role.USER) -> Response:
    """What takes the place of what a command answered, the first of it."""
    return all_said(made, *responses, at=at, role=role)[0]


def all_said(
    made: Offers, *responses: Response, at: EntityId, role: Role = Role.USER
) -> tuple[Response, ...]:
    session = a_session("!ask", event=an_event("!ask", entity=at))
    verdict = a_verdict(a_match(a_command("ask", role=role), session=session))
    wave = Wave(sessions=[session], verdicts=[verdict], executions=[ran(verdict, *responses)])
    return made.put(wave).executions[0].responses


def pressed(
    custom_id: str,
    *,
    kind: MessageType = MessageType.BUTTON_CLICK,
    at: EntityId = DISCORD,
    user: Speaker | None = a_speaker(),  # noqa: B008 - frozen
    **data: object,
) -> Match:
    event = an_event(type=kind, entity=at, user=user, data={"custom_id": custom_id, **data})
    [match] = find_matches([a_session(event=event)], TRIGGERS)
    return match


def wrong(match: Match) -> Reason | None:
    assert isinstance(match.trigger, ComponentTrigger)
    return match.trigger.wrong


def button_of(response: Response, number: int = 0) -> str:
    assert isinstance(response, OfferedChat)
    return response.offer.buttons[number].id


def test_only_the_module_that_offered_it_hears_of_a_press(cache: redis.Redis) -> None:
    match = pressed(button_of(said(offers(cache), BOTH, at=DISCORD), 1))
    assert isinstance(match.trigger, ComponentTrigger)
    assert match.trigger.module == "memories"
    told = {"action": "take", "context": "2", "values": [], "fields": {}}
    assert match.trigger.data == told


def test_elsewhere_otherwise_or_by_another_hand_it_is_none_of_ours(cache: redis.Redis) -> None:
    made = button_of(said(offers(cache), BOTH, at=DISCORD))
    assert wrong(pressed(made)) is None
    assert wrong(pressed(made, user=a_speaker("Max"))) is None
    assert wrong(pressed(made, at=EntityId("discord:channel:1/3"))) is Reason.FORGED
    assert wrong(pressed(made, kind=MessageType.SELECT_MENU)) is Reason.FORGED
    assert wrong(pressed(made.replace("memories", "songs"))) is Reason.FORGED
    assert wrong(pressed(made, user=None)) is Reason.FORGED
    alone = replace(BOTH, terms=Terms(asker_alone=True))
    hers = button_of(said(offers(cache), alone, at=DISCORD))
    assert wrong(pressed(hers)) is None
    assert wrong(pressed(hers, user=a_speaker("Max"))) is Reason.FORGED
    other_house = button_of(said(offers(cache, "other"), BOTH, at=DISCORD))
    assert wrong(pressed(other_house)) is Reason.FORGED


def test_it_needs_the_role_of_its_command_or_the_one_that_its_module_names(
    cache: redis.Redis, limits: redis.Redis
) -> None:
    for terms, reason in (
        (Terms(), Reason.ROLE),
        (Terms(role=Role.USER), Reason.ALLOWED),
    ):
        offered = said(offers(cache), replace(BOTH, terms=terms), at=DISCORD, role=Role.MODERATOR)
        [verdict] = judge([pressed(button_of(offered))], Limits(limits))
        assert (verdict.reason, verdict.said) == (reason, reason is Reason.ROLE)


def passes(limits: redis.Redis, match: Match) -> Verdict:
    [verdict] = judge([match], Limits(limits))
    return verdict


def test_what_counts_once_is_taken_from_whoever_is_first(
    cache: redis.Redis, limits: redis.Redis
) -> None:
    once = replace(BOTH, terms=Terms(once=True))
    made = said(offers(cache), once, at=DISCORD)
    first = pressed(button_of(made))
    assert passes(limits, first).allowed
    late = passes(limits, pressed(button_of(made, 1), user=a_speaker("Max")))
    assert (late.reason, late.said) == (Reason.DONE_BEFORE, True)
    assert late.instead == Chat(
        "That was done already, once; nothing more came of it.", private=True
    )
    assert passes(limits, first).allowed  # the same event again


def test_two_clicks_at_once_are_one_and_others_have_their_own(
    cache: redis.Redis, limits: redis.Redis
) -> None:
    made = said(offers(cache), BOTH, at=DISCORD)
    assert passes(limits, pressed(button_of(made))).allowed
    again = passes(limits, pressed(button_of(made)))
    assert (again.allowed, again.said) == (False, False)
    assert passes(limits, pressed(button_of(made, 1))).allowed
    assert passes(limits, pressed(button_of(made), user=a_speaker("Max"))).allowed


def test_who_chooses_another_option_at_once_has_not_clicked_twice(
    cache: redis.Redis, limits: redis.Redis
) -> None:
    menu = Select("What?", "bake", (Option("Cake", "c"), Option("Pie", "p")))
    made = said(offers(cache), menu, at=DISCORD)
    assert isinstance(made, OfferedChat)
    assert made.offer.menu
    custom_id, kind = made.offer.menu.id, MessageType.SELECT_MENU

    def chosen(value: str) -> Verdict:
        return passes(limits, pressed(custom_id, kind=kind, values=[value]))

    assert chosen("c").allowed
    assert not chosen("c").allowed
    assert chosen("p").allowed


def types(made: Offers, text: str, who: str = "Ana") -> Match:
    event = an_event(f"!pick {text}", entity=TWITCH, user=a_speaker(who))
    [match] = made.pick([Match(session=a_session(event=event), trigger=PICK, text=text)], TRIGGERS)
    return match


def test_where_there_are_no_buttons_a_number_is_typed(cache: redis.Redis) -> None:
    made = offers(cache)
    line = said(made, BOTH, at=TWITCH)
    assert isinstance(line, Chat)
    assert line.text == "Which? — 1 One · 2 Two (!pick 1)"
    picked = types(made, "2", who="Max").trigger
    assert isinstance(picked, ComponentTrigger)
    assert (picked.wrong, picked.data["context"]) == (None, "2")
    for nothing in ("3", "0", "", "two", "99999"):
        assert types(made, nothing).trigger is PICK


def test_a_menu_is_picked_from_by_number_too_and_by_whom_it_is_for(cache: redis.Redis) -> None:
    made = offers(cache)
    for_one = Terms(asker_alone=True)
    options = (Option("Cake", "c"), Option("Pie"))
    said(made, Select("What?", "bake", options, "9", for_one), at=TWITCH)
    picked = types(made, "2").trigger
    assert isinstance(picked, ComponentTrigger)
    assert (picked.wrong, picked.data["values"]) == (None, ["Pie"])
    assert picked.event_type == MessageType.SELECT_MENU
    assert types(made, "2", who="Max").trigger is PICK


def test_numbers_of_one_answer_go_on_from_one_offer_to_the_next(cache: redis.Redis) -> None:
    made = offers(cache)
    menu = Select("What?", "bake", (Option("Cake", "c"), Option("Pie", "p")))
    lines = all_said(made, BOTH, menu, at=TWITCH)
    assert [line.text for line in lines if isinstance(line, Chat)] == [
        "Which? — 1 One · 2 Two (!pick 1)",
        "What? — 3 Cake · 4 Pie (!pick 3)",
    ]
    for number, told in (("2", ("2", [])), ("3", ("", ["c"])), ("4", ("", ["p"]))):
        picked = types(made, number).trigger
        assert isinstance(picked, ComponentTrigger)
        assert (picked.data["context"], picked.data["values"]) == told
    assert types(made, "5").trigger is PICK


def test_of_a_long_menu_all_numbers_are_read(cache: redis.Redis) -> None:
    options = tuple(
        Option(f"{n:02} {'a long name of a cake ' * 3}"[:75], f"c{n}") for n in range(25)
    )
    line = said(offers(cache), Select("What shall it be?", "bake", options), at=TWITCH)
    assert isinstance(line, Chat)
    assert len(line.text) <= 1000  # of three messages of 500
    assert re.findall(r"(\d+) \d\d a long", line.text) == [str(n) for n in range(1, 26)]
    assert line.text.endswith("… (!pick 1)")


def test_what_is_offered_privately_takes_no_number_from_what_all_may_pick(
    cache: redis.Redis,
) -> None:
    made = offers(cache)
    said(made, BOTH, at=TWITCH)
    said(made, Select("What?", "bake", (Option("Cake"),), "9", Terms(private=True)), at=TWITCH)
    for who, context in (("Max", "1"), ("Ana", "9")):
        picked = types(made, "1", who=who).trigger
        assert isinstance(picked, ComponentTrigger)
        assert (picked.wrong, picked.data["context"]) == (None, context)


def test_what_only_saves_typing_is_left_out_where_there_are_lines_alone(
    cache: redis.Redis,
) -> None:
    line = said(offers(cache), replace(BOTH, needed=False), at=TWITCH)
    assert line == Chat("Which?")


def test_an_address_is_whispered_and_what_others_read_opens_nothing(cache: redis.Redis) -> None:
    form = Form("A cake", "cake", (Field("kind", "Which?"),))
    made = offers(cache)
    line = said(made, form, at=TWITCH)
    assert isinstance(line, SecretChat)
    assert line.secret
    assert line.text.startswith("A cake. Fill it in here: https://bot.example.org/forms/")
    [ref, proof] = re.findall(r"/forms/([\w-]+)\.([\w-]+)$", line.text)[0]
    waiting = WaitingOffers(cache).find_form(ref)
    assert waiting is not None
    assert waiting.is_proven(proof)
    assert not waiting.is_proven("")
    assert proof not in line.otherwise
    assert "sign in" in line.otherwise


def test_without_a_key_or_a_cache_it_says_so_and_nothing_can_be_pressed(
    cache: redis.Redis, nowhere: redis.Redis
) -> None:
    unsigned = said(offers(cache, ""), BOTH, at=DISCORD)
    assert isinstance(unsigned, Chat)
    assert "WADDLEBOT_SIGNING_KEY" in unsigned.text
    assert said(offers(cache, ""), replace(BOTH, needed=False), at=DISCORD) == Chat("Which?")
    form = Form("A cake", "cake", (Field("kind", "Which?"),))
    away = said(offers(nowhere), form, at=TWITCH)
    assert isinstance(away, Chat)
    assert "ask for it again" in away.text


def test_a_form_may_stand_on_the_stream_too(cache: redis.Redis) -> None:
    form = Form("A cake", "cake", (Field("kind", "Which?"),), on_overlay=True)
    session = a_session("!ask", event=an_event("!ask", entity=DISCORD))
    verdict = a_verdict(a_match(session=session))
    wave = Wave(sessions=[session], verdicts=[verdict], executions=[ran(verdict, form)])
    _, shown = offers(cache).put(wave).executions[0].responses
    assert isinstance(shown, General)
    assert (shown.content_type, shown.details["form_title"]) == ("form", "A cake")


def test_an_id_that_ends_when_no_calendar_does_is_forged_like_any_other() -> None:
    tail = b"\x00\xff\xff\xff\xff\x00\x00\x00\x01" + bytes(16)
    made_up = f"memories:take:1:{base64.urlsafe_b64encode(tail).rstrip(b'=').decode()}"
    assert wrong(pressed(made_up)) is Reason.FORGED
    assert not opens_form(an_event(type=MessageType.BUTTON_CLICK, data={"custom_id": made_up}))


def test_what_comes_back_in_no_shape_of_a_menu_or_a_form_is_nothing(cache: redis.Redis) -> None:
    menu = said(offers(cache), Select("Which?", "take", (Option("One", "1"),)), at=DISCORD)
    assert isinstance(menu, OfferedChat)
    assert menu.offer.menu
    for odd in (5, "1", {"1": 2}, [["1"], 1]):
        match = pressed(menu.offer.menu.id, kind=MessageType.SELECT_MENU, values=odd, fields=odd)
        assert isinstance(match.trigger, ComponentTrigger)
        told = {"action": "take", "context": "", "values": [], "fields": {}}
        assert match.trigger.data == {**told, "fields": {"1": ""} if odd == {"1": 2} else {}}
