"""Builds the router: what its process keeps, and what one invocation adds to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from functions.router.acquaintances import Acquaintances
from functions.router.begin import Receipts
from functions.router.chat_box import ChatBoxRoad
from functions.router.destinations.builtin import Kit
from functions.router.directory import Directory
from functions.router.execute import ModuleCaller, PassOn
from functions.router.hand_over import WaysBack
from functions.router.limits import Limits
from functions.router.match import Triggers
from functions.router.mentioned import Mentions
from functions.router.misses import Misses
from functions.router.offers import Offers
from functions.router.others_asked import OthersAsked
from functions.router.private_talk import PrivateTalk
from functions.router.recalled import RecalledLines
from functions.router.record import Ledger
from functions.router.router import Router
from functions.router.rule_sets import RuleSets
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.routing import encode_slow_calls
from waddlebot.domain.sessions import Session
from waddlebot.runtime.push_on import frames_on, push_on
from waddlebot.runtime.resources import Resources
from waddlebot.stores.chat_lines import ChatLines
from waddlebot.stores.known_people import KnownPeople
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.overlay_sockets import OverlaySockets
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.versions import Versions

LEASE_MARGIN_SECONDS = 2.0
"""A receipt outlives its invocation by this much (docs/delivery.md)."""
FINISH_SECONDS = 1.5
"""Kept back from the calls of an invocation to hand over and record what came of them."""
SLOW_SECONDS = 60.0
"""The timeout of `router-slow` in the catalogue, and the maximum age of its invocations."""
SLOW_FUNCTION, ASKING_FUNCTION = "router-slow", "router-asking"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResources:
    """What stays for the life of the process: connections, tables, rule sets."""

    resources: Resources
    versions: Versions
    directory: Directory
    triggers: Triggers
    misses: Misses
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """`owner` names it in receipts; `in_place` waits for slow calls too.

    `calls_end` is when every module must have answered.
    """

    owner: str
    remaining_seconds: float
    calls_end: datetime
    in_place: bool = False


def build_kept(resources: Resources) -> KeptResources:
    """Connects to nothing yet."""
    versions = Versions(resources.cache)
    directory = Directory(resources.postgres, versions)
    return KeptResources(
        resources=resources,
        versions=versions,
        directory=directory,
        triggers=Triggers(
            tables=directory.tables,
            rule_sets=RuleSets(),
            signing_key=lambda: resources.signing_key,
        ),
        misses=Misses(),
        ledger=Ledger(
            resources.postgres,
            LateRecords(resources.streams, resources.partitions),
            show=partial(push_on, invoker=lambda: resources.invoke),
        ),
    )


def calls_end(remaining_seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=remaining_seconds - FINISH_SECONDS)


@dataclass(slots=True, kw_only=True)
class SlowDoor:
    """Where calls go that take longer than a batch waits: one invocation of its own an event.

    What asks a server of strangers has a door to itself: however long those take, a function that
    is slow by itself does not wait for a place behind them.
    It is opened after the first half of the answers was handed over: a slow call that answers
    quickly must not settle the event before that.
    """

    owner: str
    resources: Resources
    _waiting: list[tuple[Event, str, bytes]] = field(default_factory=list)

    def pass_on(self, event: Event, execution_ids: Sequence[str], *, asks: bool) -> None:
        """The receipt goes along: from now on its lease covers the slow door.

        Raises:
            Unavailable: there is no receipt of ours to go along, or its server is away.
        """
        if not self._extend(event, SLOW_SECONDS + LEASE_MARGIN_SECONDS):
            raise Unavailable("the slow door")
        payload = encode_slow_calls(event, execution_ids, self.owner)
        self._waiting.append((event, ASKING_FUNCTION if asks else SLOW_FUNCTION, payload))

    def open(self) -> None:
        """Starts what was passed on.

        Raises:
            Unavailable: not all was started; what was not is free for the next delivery.
        """
        refused: Unavailable | None = None
        for event, function, payload in self._waiting:
            try:
                self.resources.invoke.send(function, payload)
            except Unavailable as error:
                refused = error
                self._extend(event, 0)
        if refused is not None:
            raise refused

    def _extend(self, event: Event, seconds: float) -> bool:
        return receipts_of(self.resources).pass_on(event, self.owner, self.owner, seconds)


def receipts_of(resources: Resources) -> ReceiptStore:
    return ReceiptStore(resources.streams, resources.partitions)


def nothing_is_passed_on(_event: Event, _execution_ids: Sequence[str], *, asks: bool) -> None:
    """For doors that wait for slow calls themselves."""
    del asks
    raise Unavailable("the slow door")


def router_for(
    invocation: Invocation, kept: KeptResources, *, pass_on: PassOn = nothing_is_passed_on
) -> Router:
    store = receipts_of(kept.resources)
    receipts = Receipts(
        store,
        owner=invocation.owner,
        lease_seconds=invocation.remaining_seconds + LEASE_MARGIN_SECONDS,
    )

    def kit_for(session: Session) -> Kit:
        return Kit(
            session=session,
            table=kept.directory.tables[session.commands_version],
            postgres=kept.resources.postgres,
            versions=kept.versions,
            choices=choices,
            offered=offers.store,
            rule_sets=kept.triggers.rule_sets,
            now=datetime.now(UTC),
            public=kept.resources.public_address,
            seal=lambda: kept.resources.seal_or_lost,
            show=partial(push_on, invoker=lambda: kept.resources.invoke),
            signing_key=lambda: kept.resources.signing_key,
            is_member=partial(acquaintances.is_member, session),
            role_in=partial(acquaintances.role_in, session.event),
            others=OthersAsked(invoke=kept.resources.invoke, session=session),
        )

    offers = Offers(
        store=WaitingOffers(kept.resources.cache),
        signing_key=lambda: kept.resources.signing_key,
        public=kept.resources.public_address,
    )
    choices = PrivateChoices(kept.resources.cache)
    acquaintances = Acquaintances(
        kept.resources.invoke, KnownPeople(kept.resources.cache), kept.resources.postgres
    )
    mentions = Mentions(acquaintances, kept.resources.postgres)
    return Router(
        directory=kept.directory,
        triggers=kept.triggers,
        private_talk=PrivateTalk(
            directory=kept.directory,
            triggers=kept.triggers,
            postgres=kept.resources.postgres,
            choices=choices,
            acquaintances=acquaintances,
        ),
        acquaintances=acquaintances,
        mentions=mentions,
        receipts=receipts,
        limits=Limits(kept.resources.limits),
        caller=ModuleCaller(
            invoke=kept.resources.invoke,
            kit=kit_for,
            deadline=invocation.calls_end,
            in_place=invocation.in_place,
            pass_on=pass_on,
            misses=kept.misses,
            names=mentions.kept,
            together=True,
        ),
        offers=offers,
        ways_back=WaysBack(store, invocation.owner),
        ledger=kept.ledger,
        recalled=RecalledLines(kept.resources.postgres, mentions),
        chat_box=ChatBoxRoad(
            lines=ChatLines(kept.resources.cache),
            sockets=OverlaySockets(kept.resources.postgres),
            acquaintances=acquaintances,
            mentions=mentions,
            rule_sets=kept.triggers.rule_sets,
            tell=partial(frames_on, invoker=lambda: kept.resources.invoke),
        ),
    )
