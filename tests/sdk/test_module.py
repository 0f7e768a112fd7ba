from __future__ import annotations

from datetime import UTC, datetime

import pytest

from waddlebot_sdk import (
    Answer,
    Call,
    Chat,
    CommunityInfo,
    Module,
    NotUnderstood,
    Place,
    Setting,
    User,
    command,
    on,
    serve,
)

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@command("greet <name>", "Greet somebody.", example="greet Max", also=("say hello",))
def greet(call: Call, _tools: None) -> Answer:
    if call.arguments["name"] == "nobody":
        raise NotUnderstood("Say a name.")
    return Chat(f"{call.config['word']} {call.arguments['name']}")


def welcome(call: Call, _tools: None) -> Answer:
    return Chat(f"{call.data['viewers']} raiders!")


MODULE: Module[None] = Module(
    name="greeter",
    summary="Greets.",
    commands=(greet,),
    listens=(on("raid", welcome),),
    settings=(Setting(name="word", default="Hello", summary="The first word."),),
    community=True,
)


def a_call(**what: object) -> Call:
    ordinary = Call(
        execution_id="exec-1",
        session_id="sess_1",
        command="greet",
        prefix="#",
        event_type="chatMessage",
        user=User(id="1", name="Ana"),
        entity=Place(id="twitch:channel:1001", platform="twitch"),
        community=CommunityInfo(id=1, name="Demo"),
        occurred_at=NOW,
        deadline=NOW,
    )
    return Call.from_wire({**ordinary.to_wire(), **what})


def test_a_missing_argument_answers_the_usage_and_an_example_to_that_person_alone() -> None:
    answer = MODULE.answer(a_call(text=""), None)

    assert answer == Chat("Usage: #greet <name>. Example: #greet Max", private=True, free=True)


def test_a_setting_counts_with_its_default_until_the_community_sets_it() -> None:
    assert MODULE.answer(a_call(text="Max"), None) == Chat("Hello Max")
    assert MODULE.answer(a_call(text="Max", config={"word": "Ahoy"}), None) == Chat("Ahoy Max")


def test_another_form_means_the_same_command() -> None:
    assert MODULE.answer(a_call(command="say hello", text="Max"), None) == Chat("Hello Max")


def test_what_is_not_understood_is_said_to_the_person_who_typed_it() -> None:
    assert MODULE.answer(a_call(text="nobody"), None) == Chat(
        "Say a name.", private=True, free=True
    )


def test_events_reach_the_listener_of_their_type_and_no_other() -> None:
    raid = a_call(command="", event_type="raid", data={"viewers": 50}, user=None)
    follow = a_call(command="", event_type="follow", user=None)

    assert MODULE.answer(raid, None) == Chat("50 raiders!")
    assert MODULE.answer(follow, None) is None


def test_a_command_that_is_not_declared_is_an_error() -> None:
    with pytest.raises(KeyError, match="greeter has no command 'insult'"):
        MODULE.answer(a_call(command="insult"), None)


def test_a_served_module_takes_and_gives_json_objects() -> None:
    handler = serve(MODULE)

    assert handler(a_call(text="Max").to_wire(), None) == [
        {
            "session_id": "sess_1",
            "success": True,
            "response_action": "chat",
            "chat_message": "Hello Max",
        }
    ]


def test_a_call_survives_the_wire() -> None:
    ana = {"id": "1", "name": "Ana", "role": "user", "labels": ["regular"], "badges": ["vip"]}
    call = a_call(text="Max", data={"a": [1]}, scopes=["send_message"], user=ana)
    assert call.user == User(
        id="1", name="Ana", labels=frozenset({"regular"}), badges=frozenset({"vip"})
    )

    assert Call.from_wire(call.to_wire()) == call
