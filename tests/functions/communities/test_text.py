"""A community as text: what is written out, wiped and read in again is the same community."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.catalogue import builtin_modules, lambda_modules
from functions.communities.text_form import TOML, read_text, write_text
from functions.declared_commands import declared_commands
from functions.upkeep.sync_commands_handler import sync_commands
from tests.helpers.communities_api import CANARY, Answer, all_of, ask, see
from tests.helpers.community_texts import bring, fresh_key, read
from tests.helpers.servers import catch_up
from tests.helpers.tenants import Tenants
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.facts import compare
from waddlebot.decisions.parts.alerts.text import ALERT
from waddlebot.decisions.parts.aliases.text import ALIAS
from waddlebot.decisions.parts.custom.text import COMMAND as CUSTOM
from waddlebot.decisions.parts.labels.text import LABEL, LABELLED
from waddlebot.decisions.parts.limits.text import LIMIT
from waddlebot.decisions.parts.name.text import NAME
from waddlebot.decisions.parts.quiet.text import QUIET
from waddlebot.decisions.parts.rights.text import RIGHT
from waddlebot.decisions.parts.roles.text import ROLE
from waddlebot.decisions.parts.rules.text import RULE
from waddlebot.decisions.parts.settings.text import MODULE, SETTING
from waddlebot.decisions.parts.switches.text import OFF, OFF_AT
from waddlebot.decisions.parts.words.text import CALLED
from waddlebot.decisions.text import bring_text
from waddlebot.domain.alerts import AlertRule
from waddlebot.domain.community_facts import FactKind
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_hours import Hours
from waddlebot.domain.custom_whens import PLATFORMS, When
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.stores.api_keys import ADMIN, ApiKey, ApiKeys, hash_key
from waddlebot.stores.installed_modules import InstalledModules
from waddlebot.stores.versions import editing
from waddlebot_sdk.declared import read_declaration
from waddlebot_sdk.roles import Role

PLACE = "twitch:channel:1"
EMPTY = 'waddlebot = 1\nname = "Penguins"\n'
SEEN = ("twitch:7", "discord:7", 'slack:T1/"ü"')
KEYS_AT_ONCE = 50
NEVER = "2999-12-31T00:00:00+00:00"

COMMANDS = ("!quote", "!addquote", "!note", "!stats", "#roll", "!roles give")
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
names = st.text("abcdefghij klmn-opé", min_size=1, max_size=12).map(
    lambda text: f"x{' '.join(text.split())}y"
)
places = st.sampled_from([None, PLACE])
raised = st.sampled_from([Role.MODERATOR, Role.ADMIN, Role.OWNER])
moments = st.sampled_from(["", NEVER])

asking = st.builds(
    StringRule,
    id=st.just(0),
    match_type=st.just(MatchType.CONTAINS),
    pattern=words.filter(str.strip),
    action=st.just(RuleAction.WEBHOOK),
    webhook=st.sampled_from(["https://hooks.example/line?a=1", "https://hooks.example:8443/"]),
)
rules = asking | st.builds(
    StringRule,
    id=st.just(0),
    match_type=st.sampled_from([MatchType.EXACT, MatchType.CONTAINS, MatchType.WORD]),
    pattern=words.filter(str.strip),
    action=st.sampled_from([RuleAction.WARN, RuleAction.BLOCK]),
    case_sensitive=st.booleans(),
    priority=st.sampled_from([0, 7, 100]),
    entities=st.sampled_from([frozenset(), frozenset({EntityId(PLACE)})]),
    say=st.just("") | words,
    timeout_seconds=st.sampled_from([0, 600]),
)


def hits_and_does(rule: StringRule) -> tuple[Any, ...]:
    """Two that are the same in this are one rule: the second is refused."""
    exact = rule.case_sensitive or rule.match_type is MatchType.REGEX
    pattern = rule.pattern if exact else rule.pattern.lower()
    where = (rule.entities, rule.webhook)
    return (rule.match_type, rule.action, rule.case_sensitive, pattern, *where)


def some(kind: FactKind, about: Any, value: Any = None) -> Any:
    """Facts of a kind: the rest of their keys, and their values."""
    value = st.just(True) if value is None else value
    found = st.dictionaries(about, value, max_size=3)
    return found.map(lambda those: {(kind, *key): one for key, one in those.items()})


def alert_of(key: tuple[Any, str, str, int], on: bool, text: str, seconds: int) -> AlertRule:  # noqa: FBT001
    _, kind, platform, least = key
    return AlertRule(kind=kind, platform=platform, least=least, on=on, text=text, seconds=seconds)


commands = st.sampled_from(COMMANDS)
sections = {
    "settings": st.lists(
        st.sampled_from(
            [
                ((SETTING, "prefix"), "?"),
                ((SETTING, "keep_days"), 3),
                ((SETTING, "time_zone"), "Europe/Berlin"),
                ((SETTING, "language"), "pt-BR"),
                ((SETTING, "moderators_channel"), PLACE),
                ((SETTING, "events_channel"), PLACE),
                ((CALLED, "!quote"), "zitat"),
                ((CALLED, "!note"), "notiz"),
                ((QUIET, PLACE), True),
            ]
        )
    ).map(dict),
    "modules": some(
        MODULE,
        st.tuples(st.just("memories"), names),
        st.booleans() | st.integers(-5, 5) | words,
    ),
    "off": some(OFF, st.tuples(st.sampled_from([*COMMANDS, "memories"]))),
    "off_at": some(OFF_AT, st.tuples(commands, st.just(PLACE))),
    "rights": some(RIGHT, st.tuples(commands), st.sampled_from([Role.ADMIN, Role.OWNER])),
    "limits": some(
        LIMIT,
        st.tuples(st.just("") | commands, places, st.sampled_from(Role), st.booleans()),
        st.tuples(st.integers(0, 100), st.integers(1, 3600)),
    ),
    "alerts": some(
        ALERT,
        st.tuples(
            st.sampled_from(["cheer", "raid"]),
            st.sampled_from(["", "twitch"]),
            st.sampled_from([0, 100]),
        ),
        st.tuples(st.booleans(), st.sampled_from(["", "{name} is here"]), st.integers(1, 60)),
    ).map(lambda those: {key: alert_of(key, *value) for key, value in those.items()}),
    "aliases": some(
        ALIAS,
        st.tuples(st.sampled_from(["hug", "hi", "so_much"])),
        st.sampled_from(
            ["!quote $1", "Hello ${1:-you}", "random: a | b", "counter: {count}", "!note && #roll"]
        ),
    ),
    "custom": some(
        CUSTOM,
        st.tuples(st.sampled_from(["hello", "rip", "so_long"])),
        st.builds(
            CustomCommand,
            name=st.just(""),
            text=st.sampled_from(
                ["Hi $(user)!", "$(count) times", "$(1|friend) $(random.pick a b)"]
            ),
            role=st.sampled_from(Role),
            cooldown_seconds=st.integers(0, 3600),
            person_cooldown_seconds=st.integers(0, 3600),
            when=st.builds(
                When,
                platforms=st.frozensets(st.sampled_from([*PLATFORMS])),
                live=st.sampled_from([None, True, False]),
                hours=st.sampled_from([(), (Hours(540, 720), Hours(1320, 120))]),
                games=st.sampled_from([(), ("Assassin's Creed", "Celeste")]),
            ).filter(lambda when: when.live is not False or not when.games),
            category=st.sampled_from(["", "fun"]),
            enabled=st.booleans(),
        ),
    ).map(lambda those: {key: replace(one, name=key[1]) for key, one in those.items()}),
    "rules": st.lists(rules, max_size=5, unique_by=hits_and_does).map(
        lambda those: {(RULE, rule): number for number, rule in enumerate(those)}
    ),
    "roles": some(
        ROLE,
        st.tuples(st.sampled_from(["twitch", "discord"]), names, places),
        st.tuples(raised, words),
    ),
    "labels": st.dictionaries(names, st.sampled_from(["#112233", "#6366f1"]), max_size=4).flatmap(
        lambda labels: some(
            LABELLED,
            st.tuples(
                st.sampled_from(["user"]),
                st.sampled_from(SEEN),
                st.sampled_from([*labels, "memories"]),
            )
            | st.tuples(
                st.sampled_from(["memory", "item"]),
                st.integers(0, 10**9).map(str),
                st.sampled_from([*labels, "memories"]),
            ),
            moments,
        ).map(
            lambda hanging: {
                **{(LABEL, name): color for name, color in labels.items()},
                **hanging,
            }
        )
    ),
}


def communities() -> st.SearchStrategy[dict[Any, Any]]:
    """Facts of a community that there might be, all of them possible together."""
    return st.fixed_dictionaries(sections).map(
        lambda parts: {
            (NAME,): "Penguins",
            **{key: value for part in parts.values() for key, value in part.items()},
        }
    )


@settings(deadline=None)
@given(communities())
def test_what_is_written_is_read_as_it_was(facts: dict[Any, Any]) -> None:
    text = write_text(facts)

    assert compare(read_text(text), facts) == []
    assert write_text(read_text(text)) == text


def many_keys(tenants: Tenants) -> Iterator[str]:
    """One after the other: texts have a limit a key, and the replica is waited for seldom."""
    while True:
        names = [f"house-{uuid.uuid4().hex}" for _ in range(KEYS_AT_ONCE)]
        for name in names:
            key = ApiKey(account=name, scopes=frozenset({ADMIN}), per_minute=100)
            ApiKeys(tenants.database).insert(hash_key(name), key)
        catch_up(tenants.urls)
        yield from names


@pytest.fixture
def keys(tenants: Tenants) -> Iterator[str]:
    """Without end."""
    return many_keys(tenants)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(communities())
def test_export_wipe_and_import_give_the_same_community(
    tenants: Tenants, keys: Iterator[str], facts: dict[Any, Any]
) -> None:
    def exported() -> str:
        return str(ask("GET", f"/{tenants.ours}/text", key=next(keys)).data["text"])

    def brought(text: str, *, dry_run: bool = False) -> Answer:
        body = {"text": text, "dry_run": dry_run}
        return ask("PUT", f"/{tenants.ours}/text", body, key=next(keys))

    see(tenants.database, tenants.ours, *SEEN)
    with editing(tenants.database, tenants.versions) as edit:
        asker = Asker.with_key("test", tenants.ours, Role.OWNER)
        bring_text(edit, asker, text=write_text(facts), form=TOML)
    text = exported()
    assert compare(read_text(text), facts) == []

    assert brought(EMPTY).body["success"]
    assert all_of(tenants.database, tenants.ours)[0] == {(NAME,): "Penguins"}
    assert brought(text).body["success"]

    assert exported() == text
    assert brought(text, dry_run=True).data["changes"] == []


def test_a_text_says_what_it_changes_before_it_does_and_is_taken_back(tenants: Tenants) -> None:
    before = all_of(tenants.database, tenants.ours)
    exported = read(tenants)
    text = exported.replace("free ours", "free nitro").replace('language = "de"', 'prefix = "?"')
    changes = [
        "- rule contains “free ours”, block",
        "- setting language: de",
        "+ setting prefix: ?",
        "+ rule contains “free nitro”, block",
    ]

    tried = bring(tenants, text, dry_run=True)
    assert tried.data == {"changes": changes, "dry_run": True}
    assert all_of(tenants.database, tenants.ours) == before
    done = bring(tenants, text)
    assert done.data == {"changes": changes, "dry_run": False}
    assert read(tenants) == text
    undone = ask("POST", f"/{tenants.ours}/text/undo", {}, key="ours-owner")
    assert len(undone.data["changes"]) == 4
    assert read(tenants) == exported
    again = ask("POST", f"/{tenants.ours}/text/undo", {}, key="ours-owner")
    assert again.code == "NOTHING_TO_UNDO"


def test_what_others_did_since_is_told_apart_where_a_text_is_taken_back(tenants: Tenants) -> None:
    exported = read(tenants)
    bring(tenants, exported.replace('"de"', '"fr"'))
    settings = {"prefix": "?"}
    ask("PATCH", f"/{tenants.ours}/settings", settings, key="ours-admin")

    told = ask("POST", f"/{tenants.ours}/text/undo", {"dry_run": True}, key=fresh_key(tenants))
    changes = [
        "~ setting language: fr becomes de",
        "also, done since by api:ours-admin: - setting prefix: ?",
    ]
    assert told.data["changes"] == changes
    done = ask("POST", f"/{tenants.ours}/text/undo", {}, key=fresh_key(tenants))
    assert done.data["changes"] == changes
    assert read(tenants) == exported


CANNOT_BE = [
    ("x = ", "it is no TOML"),
    ('colour = "red"', "'colour': nothing of that name"),
    ("[settings]\nkeep_days = 31", "at most 30"),
    ("[commands.'!nothing']\noff = true", "There is no command '!nothing'"),
    ("[commands.memories]\nrole = 'admin'", "is a module"),
    ("[commands.'!roles give']\nrole = 'user'", "stays with admins"),
    ("[commands.'!quote']\ncalled = 'help'", "There is a command 'help'"),
    ("[commands.'!quote']\nrole = 'king'", "'commands.!quote.role': it is one of user"),
    (f"quiet = ['twitch:channel:{CANARY}']", "is no place of this community"),
    (
        "[[rules]]\nmatch = 'regex'\npattern = '(a'\naction = 'warn'",
        "'rules[1]': That is no pattern",
    ),
    ("[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'shout'", "'rules[1].action'"),
    (
        "[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'command'\ncommand = '!nothing'",
        "There is no command '!nothing'",
    ),
    ("[[limits]]\ncommand = '!quote'\ncalls = -1\nseconds = 5", "'limits[1].calls'"),
    (
        "[[limits]]\ncommand = '!quote'\ncalls = 3\nseconds = '10 parsecs'",
        "'limits[1].seconds': 10 what? Say 10s, 10m or 10h",
    ),
    (
        (
            "[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'block'\n"
            "timeout_seconds = 'tomorrow 9:00'"
        ),
        "'rules[1].timeout_seconds': 'tomorrow 9:00' says when, and I need how long",
    ),
    (
        "[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'block'\ntimeout_seconds = '15d'",
        "at most 14d",
    ),
    (
        "[[rules]]\nmatch = 'word'\npattern = \"a\\u0000b\"\naction = 'warn'",
        "'rules[1].pattern': it holds \\u0000, which is no sign",
    ),
    ('quiet = ["a\\u0000b"]', "'quiet': one holds \\u0000, which is no sign"),
    (
        "[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'warn'\n" * 2,
        "'rules[2]': 'rules[1]' is the same rule: leave one out",
    ),
    (
        "".join(
            f"[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'command'\ncommand = '{name}'\n"
            for name in ("!quote", "!ours")
        ),
        "'rules[2]': 'rules[1]' is the same: leave one out",
    ),
    ("[settings]\nkeep_days = '36 hours'", "Say for how many days"),
    ("[[roles]]\nplatform = 'twitch'\nuser = '1'\nrole = 'user'", "'roles[1].role'"),
    ("[labels.x]\ncolor = 'red'", "A colour is written like"),
    ("[[labels.x.on]]\nkind = 'user'\nthing = 't:1'\nuntil = 'soon'", "'labels.x.on[1].until'"),
    ("[[labels.x.on]]\nkind = 'user'\nthing = 'twitch:1'", "There is no label 'x'"),
]
"""What stands behind a text that could be, and words of the sentence about it."""


def test_a_text_that_cannot_be_says_where_and_changes_nothing(tenants: Tenants) -> None:
    before = all_of(tenants.database, tenants.ours)
    for more, words in CANNOT_BE:
        refused = bring(tenants, EMPTY + more)

        assert refused.status in (400, 404), more
        assert words in refused.body["error"]["message"], more
        assert all_of(tenants.database, tenants.ours) == before, more


@pytest.mark.parametrize(
    ("spelt", "seconds"),
    [(90, 90), ("90", 90), ("10 minutes", 600), ("1h30", 5400), ("half an hour", 1800)],
)
def test_a_text_says_how_long_as_people_do(spelt: int | str, seconds: int) -> None:
    facts = read_text(
        f"{EMPTY}[[limits]]\ncommand = '!quote'\ncalls = 3\nseconds = {spelt!r}\n"
        f"[[rules]]\nmatch = 'word'\npattern = 'a'\naction = 'block'\ntimeout_seconds = {spelt!r}\n"
    )
    [limit] = [value for key, value in facts.items() if key[0] is LIMIT]
    [rule] = [key[1] for key in facts if key[0] is RULE]
    assert limit == (3, seconds)
    assert rule.timeout_seconds == seconds


@pytest.mark.parametrize(
    ("spelt", "days"), [("3", 3), ("3 days", 3), ("two weeks", 14), ("nothing", 0)]
)
def test_days_are_read_as_people_say_them(spelt: str, days: int) -> None:
    facts = read_text(f"{EMPTY}[settings]\nkeep_days = '{spelt}'\n")
    assert facts[(SETTING, "keep_days")] == days


@settings(deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Refusal):
        assert (NAME,) in read_text(text)


@pytest.mark.parametrize("name", ["discord:server:99", "twitch:channel:canary", "a:b"])
def test_a_text_gives_no_community_the_name_of_somebodys_home(tenants: Tenants, name: str) -> None:
    told = ask(
        "PUT",
        f"/{tenants.ours}/text",
        {"text": f'waddlebot = 1\nname = "{name}"\n'},
        key="ours-owner",
    )

    assert (told.status, told.code) == (400, "IMPOSSIBLE_TEXT")
    assert "Penguins" in ask("GET", f"/{tenants.ours}/text", key="ours-admin").data["text"]


def test_a_text_installs_what_there_is_and_nothing_else(tenants: Tenants) -> None:
    here = f"/{tenants.ours}/text"
    told = ask("PUT", here, {"text": f'{EMPTY}installed = ["roll"]\n'}, key="ours-owner")
    assert "+ installed roll" in told.data["changes"]
    assert 'installed = [\n    "roll",\n]' in ask("GET", here, key="ours-admin").data["text"]

    for name in ("memories", "nothing"):
        refused = ask("PUT", here, {"text": f'{EMPTY}installed = ["{name}"]\n'}, key="ours-owner")
        assert (refused.status, refused.code) == (400, "IMPOSSIBLE_TEXT")
    assert "- installed roll" in ask("PUT", here, {"text": EMPTY}, key="ours-owner").data["changes"]


@contextlib.contextmanager
def greeter(tenants: Tenants, tmp_path: Path, *may: str) -> Iterator[None]:
    """A stranger's function that asks for so much."""
    folder = tmp_path / "greeter"
    folder.mkdir(exist_ok=True)
    (folder / "waddlebot.toml").write_text(
        'name = "greeter"\nsummary = "Greets."\n'
        f"may = {list(may)}\n"
        '[[commands]]\nusage = "hi"\nsummary = "Greet."\nexample = "hi"\n'
    )
    modules = (*lambda_modules(), read_declaration(folder))
    sync_commands(declared_commands(modules, builtin_modules()), tenants.database, tenants.versions)
    yield


def granted(tenants: Tenants) -> object:
    with tenants.database.writer() as connection:
        row = connection.execute(
            "SELECT may FROM installed_modules WHERE module = 'greeter' AND community_id = %s",
            (tenants.ours,),
        ).fetchone()
    return row["may"] if row else None


def test_a_text_grants_what_it_says_was_granted_and_not_what_is_declared_by_now(
    tenants: Tenants, tmp_path: Path
) -> None:
    here, owner = f"/{tenants.ours}/text", "ours-owner"
    ask("PUT", here, {"text": EMPTY}, key=owner)
    with greeter(tenants, tmp_path, "announce"), editing(tenants.database, tenants.versions) as e:
        InstalledModules(e).install(tenants.ours, "greeter", ["announce"])
    kept = ask("GET", here, key="ours-admin").data["text"]
    assert "[may]" in kept
    with greeter(tenants, tmp_path, "announce", "react"):
        ask("PUT", here, {"text": EMPTY}, key=owner)
        assert granted(tenants) is None
        told = ask("PUT", here, {"text": kept}, key=owner)
        assert "+ installed greeter: may announce" in told.data["changes"]
        assert granted(tenants) == ["announce"]
        ask("PUT", here, {"text": EMPTY}, key=owner)
        ask("POST", f"{here}/undo", {}, key=owner)
        assert granted(tenants) == ["announce"]
        # Of a text from before nobody knows: what is installed stays as it is.
        unsaid = {"text": f'{EMPTY}installed = ["greeter"]\n'}
        ask("PUT", here, unsaid, key=owner)
        assert granted(tenants) == ["announce"]


def test_a_text_that_does_not_say_what_a_function_may_installs_none_that_asks_for_more(
    tenants: Tenants, tmp_path: Path
) -> None:
    here, owner = f"/{tenants.ours}/text", "ours-owner"
    unsaid = f'{EMPTY}installed = ["greeter"]\n'
    with greeter(tenants, tmp_path, "announce"):
        told = ask("PUT", here, {"text": unsaid}, key=owner)
        assert (told.status, told.code) == (400, "IMPOSSIBLE_TEXT")
        assert "!module install greeter says what it asks for" in told.text
        assert granted(tenants) is None
        assert ask("PUT", here, {"text": f"{unsaid}may.greeter = []\n"}, key=owner).status == 200
        assert granted(tenants) == []
        for wrong in ('may.greeter = ["delete"]', "may.greeter = 1", "may.other = []"):
            told = ask("PUT", here, {"text": f"{unsaid}{wrong}\n"}, key=owner)
            assert (told.status, told.code) == (400, "INVALID_TEXT")
    with greeter(tenants, tmp_path):
        ask("PUT", here, {"text": EMPTY}, key=owner)
        assert ask("PUT", here, {"text": unsaid}, key=owner).status == 200


def rules_text(*patterns: str) -> dict[str, str]:
    rows = "".join(
        f"[[rules]]\nmatch = 'regex'\npattern = '{pattern}'\naction = 'warn'\n"
        for pattern in patterns
    )
    return {"text": f"{EMPTY}{rows}"}


def test_rules_cost_in_a_text_what_they_cost_in_chat(tenants: Tenants) -> None:
    here = f"/{tenants.ours}/text"
    dear = rules_text("a[ab]{900}x1")
    many = rules_text(*(f"a[ab]{{10}}{number}x" for number in range(40)))
    for refused, why in ((dear, "too many places"), (many, "All rules together")):
        told = ask("PUT", here, refused, key="ours-owner")
        assert (told.status, told.code) == (400, "IMPOSSIBLE_TEXT")
        assert why in told.text
    fine = rules_text("a[ab]{5}x", "fr[e3]+")
    assert len(ask("PUT", here, fine, key="ours-owner").data["changes"]) >= 2
