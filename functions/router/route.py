"""What happens to a message, top to bottom; the table of round trips stands in docs/journey.md."""

from __future__ import annotations

from collections.abc import Sequence

from functions.router.by_name import say_names
from functions.router.conclude import conclude, in_order
from functions.router.elsewhere import find_places
from functions.router.execute import Wave
from functions.router.expand import expand
from functions.router.hold_back import hold_back
from functions.router.judge import judge
from functions.router.match import find_matches
from functions.router.private_talk import settle
from functions.router.recognise import recognise
from functions.router.router import Router
from functions.router.show_alerts import show_alerts
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outcome


def route(events: Sequence[Event], router: Router) -> list[Outcome]:
    """Outcome n belongs to event n; a single event is a list of one."""
    sessions = router.directory.open(events)  # who, where, which versions of the tables
    sessions = expand(sessions, router.triggers.tables)  # aliases, as what they stand for
    matches = find_matches(sessions, router.triggers)  # what fires
    sessions, matches = settle(sessions, matches, router.private_talk)  # privately: where it acts
    sessions, matches = recognise(sessions, matches, router.acquaintances, router.triggers)
    matches = router.offers.pick(matches, router.triggers)  # numbers, as what they stand for
    matches = router.recalled.recall(matches)  # the lines that are reacted to, as they are kept
    begun = router.receipts.begin(matches)  # ours to answer, somebody else's, or answered before
    verdicts = judge(begun, router.limits)  # may it, and why not
    outcomes = []
    for wave in router.caller.run(sessions, verdicts):  # in lanes; one wave, two if a call hangs
        outcomes += finish(wave, router)
    return in_order(sessions, outcomes)


def finish(wave: Wave, router: Router) -> list[Outcome]:
    """The second half of the road; the answer of a slow call enters here."""
    wave = find_places(wave, router.directory)  # where modules wish to speak: whose that is
    wave = router.offers.put(wave)  # what can be pressed or filled in, with its signed id
    wave = hold_back(wave, router.triggers.rule_sets)  # never what a rule here forbids
    wave = router.limits.hush(wave)  # of tries that came to nothing, so many a minute are told
    outcomes = conclude(wave, router.mentions.said(wave))  # worded, whom they mention by name
    outcomes = show_alerts(outcomes, router.triggers.rule_sets)  # raids and gifts, in OBS
    outcomes = say_names(outcomes, router.acquaintances, router.mentions)  # and those by id alone
    outcomes = router.ways_back.hand_over(outcomes)  # settled here, once; replies leave
    router.limits.refund(outcomes)  # nobody pays for what failed
    router.ledger.record(outcomes)  # nobody waits for the log, nor for what overlays show of it
    router.chat_box.show(outcomes)  # nor for the chat of communities that show theirs
    return outcomes
