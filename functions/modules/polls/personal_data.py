"""What the module holds about a person, handed out or removed on request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from functions.modules.polls import charts
from functions.modules.polls.people import Voter
from functions.modules.polls.polling import Polls


def export(community: int, platform: str, user_id: str, polls: Polls) -> list[dict[str, Any]]:
    """Every poll that this person opened, and each vote that is kept."""
    voter = Voter(platform=platform, id=user_id)
    return [
        *(
            {
                "kind": "poll",
                "number": one.number,
                "question": one.question,
                "options": list(one.options),
                "status": one.status.value,
                "opened_at": one.opened_at.isoformat(),
            }
            for one in polls.list_opened_by(community, voter)
        ),
        *(
            {
                "kind": "vote",
                "number": one.number,
                "question": one.question,
                "option": one.option + 1,
                "chosen": one.chosen,
                "voted_at": one.voted_at.isoformat(),
            }
            for one in polls.votes.list_of(community, voter)
        ),
    ]


def erase(community: int, platform: str, user_id: str, polls: Polls) -> int:
    """Votes go, and count no more where it is still open; what is over keeps its numbers.

    Polls that this person opened stay, without saying who did.
    """
    voter = Voter(platform=platform, id=user_id)
    gone = 0
    for one in polls.votes.list_of(community, voter):
        held = polls.hold(community, one.number)
        if held and polls.votes.remove(held, voter):
            gone += 1
            if held.is_open:
                charts.plan(polls, held, at=datetime.now(UTC))
    return gone + polls.forget_who_opened(community, voter)
