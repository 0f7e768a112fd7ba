"""What operators ask and decide, described: functions/operations answers it."""

from __future__ import annotations

from collections.abc import Mapping

from functions.operations.accounts import MOST_DAYS, MOST_OVERLAP_HOURS, MOST_PER_MINUTE
from functions.operations.changes import MOST_CHANGES
from functions.operations.claims import MOST_PRIORITY
from functions.operations.doubts import MOST_DOUBTS, MOST_ID
from functions.operations.letters import MOST_LETTERS
from functions.operations.rules import MOST_HOURS
from functions.operations.tables import MOST_ROWS
from functions.operations.wishes import MOST_CALLS
from local.api_description.shapes import (
    ANY,
    FLAG,
    MOMENT,
    NUMBER,
    OPEN,
    TEXT,
    Described,
    Schema,
    by_name,
    fields,
    listed,
    maybe,
    one_of,
    succeeded,
    text,
    whole,
)
from waddlebot.platforms import platform_names
from waddlebot.stores.api_keys import ADMIN, COLLECTOR, AccountKind
from waddlebot.stores.dead_letters import Fate, LetterKind
from waddlebot.stores.specified import Table
from waddlebot_sdk.roles import Role

AT = "/api/operations"

_COUNT = whole(0)
_ROWS = {"type": ["object", "null"]}
_STREAM = fields(
    {
        "waiting": _COUNT,
        "pending": _COUNT,
        "oldest_seconds": maybe(NUMBER),
        "consumers": listed(fields({"name": TEXT, "pending": _COUNT, "idle_seconds": NUMBER})),
    }
)
_PARTITION = fields(
    {
        "number": _COUNT,
        "full": FLAG,
        "events": _STREAM,
        "replies": _STREAM,
        "dead_letters": _COUNT,
        "replies_in_doubt": _COUNT,
        "late_records": _COUNT,
    }
)
_CLAIM = fields(
    {
        "platform": TEXT,
        "channel": TEXT,
        "priority": whole(),
        "holder": maybe(TEXT),
        "since": maybe(MOMENT),
        "lives": FLAG,
        "is_live": FLAG,
        "viewers": _COUNT,
        "seen_at": maybe(MOMENT),
        "servers": listed(TEXT),
        "trouble": TEXT,
    },
    more={
        "id": whole(1),
        "status": one_of("available", "claimed", "offline", "error"),
        "entity": maybe(TEXT),
        "heartbeat_interval": maybe(_COUNT),
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "name": TEXT,
    },
)
_PREFERRED = fields(
    {"platform": text(1, 100), "channel": text(1, 100), "priority": whole(1, MOST_PRIORITY)}
)
_LETTER = {
    "id": TEXT,
    "kind": one_of(*LetterKind),
    "in_doubt": FLAG,
    "written_at": MOMENT,
    "reason": TEXT,
    "can_be_replayed": FLAG,
    "about": maybe(fields({"id": TEXT, "entity": TEXT, "user": TEXT, "text": TEXT})),
}
_ID = "[0-9]{1,4}-[0-9]{1,15}-[0-9]{1,15}(-doubt)?"
_LETTER_ID = text(1, pattern=f"^{_ID}$")
_LETTERS = fields({"ids": listed(_LETTER_ID, 1, MOST_LETTERS)})
_FATES = succeeded(results=listed(fields({"id": TEXT, "fate": one_of(*Fate), "words": TEXT})))
_NO_LETTER = {"ids": ["0-1764000000000-0"]}
_CALL_IDS = fields({"ids": listed(text(1, MOST_ID), 1, MOST_DOUBTS)})
_DOUBT = fields(
    {
        "id": TEXT,
        "module": TEXT,
        "at": MOMENT,
        **dict.fromkeys(("event", "entity", "place", "user", "command", "arguments"), maybe(TEXT)),
    }
)
_REFUSED = fields(
    {
        "id": TEXT,
        "event": TEXT,
        "at": MOMENT,
        "module": TEXT,
        "command": TEXT,
        "community": maybe(TEXT),
        "entity": TEXT,
        "place": TEXT,
        "user": maybe(TEXT),
        "refused": listed(fields({"wish": TEXT, "why": TEXT})),
    }
)
_KEY = fields(
    {
        "id": TEXT,
        "hint": TEXT,
        "account": TEXT,
        "kind": one_of(*AccountKind),
        "scopes": listed(TEXT),
        "community": maybe(TEXT),
        "role": maybe(one_of(*Role)),
        "per_minute": whole(1),
        "created_at": MOMENT,
        "created_by": maybe(TEXT),
        "expires_at": maybe(MOMENT),
        "last_used_at": maybe(MOMENT),
        "uses": _COUNT,
        "is_live": FLAG,
    }
)
_ACCOUNT = text(1, 40, pattern="^[a-z0-9][a-z0-9-]{0,39}$")
_NEW_KEY = fields(
    {"account": _ACCOUNT, "kind": one_of(*AccountKind)},
    more={
        "days": whole(0, MOST_DAYS),
        "per_minute": whole(1, MOST_PER_MINUTE),
        "community": text(1),
        "role": one_of(*Role),
    },
)
_CHANGE = fields(
    {
        "id": whole(1),
        "at": MOMENT,
        "who": TEXT,
        "action": TEXT,
        "about": TEXT,
        "community": maybe(TEXT),
        "before": _ROWS,
        "after": _ROWS,
        "words": fields(
            {
                **dict.fromkeys(("who", "about", "community"), TEXT),
                **dict.fromkeys(("before", "after"), maybe(TEXT)),
            }
        ),
    }
)
_PERSON = fields({"platform": one_of(*sorted(platform_names())), "user_id": text(1, 64)})
_NOBODY = {"platform": "twitch", "user_id": "nobody-at-all"}
_TOLD = fields(
    {
        "platform": TEXT,
        "user_id": TEXT,
        "tables": by_name(listed(OPEN)),
        "modules": by_name(listed(OPEN)),
    }
)
_HIT = fields({"at": MOMENT, "entity": TEXT, "user": maybe(TEXT), "text": maybe(TEXT)})


def _limit(most: int) -> Mapping[str, Schema]:
    return {"limit": whole(1, most)}


ROUTES: Mapping[str, Described] = {
    "GET /health": Described(
        summary="What each server does: 503 where one does not do its work",
        answer=fields({"success": FLAG, "servers": by_name(TEXT)}),
        scope=None,
        more=(("503", fields({"success": {"const": False}, "servers": by_name(TEXT)})),),
    ),
    f"GET {AT}/events/{{event_id}}": Described(
        summary="What became of an event, its verdicts in words",
        answer=succeeded(
            event_id=TEXT,
            message=_ROWS,
            happening=_ROWS,
            verdicts=listed(fields({"words": TEXT})),
            place=TEXT,
        ),
        scope=COLLECTOR,
        path={"event_id": text(1)},
    ),
    f"GET {AT}/streams": Described(
        summary="How full the streams are",
        answer=succeeded(
            partitions=listed(_PARTITION),
            memory=fields({"used_bytes": _COUNT, "most_bytes": maybe(_COUNT)}),
        ),
        scope=COLLECTOR,
    ),
    f"GET {AT}/claims": Described(
        summary="Which gateway watches which channel",
        answer=succeeded(claims=listed(_CLAIM)),
        scope=COLLECTOR,
    ),
    f"POST {AT}/claims/prefer": Described(
        summary="Which channel comes first where not all can be carried",
        body=_PREFERRED,
        example={"platform": "twitch", "channel": "nobody", "priority": 10},
        answer=succeeded(**_PREFERRED["properties"], before=whole()),
        scope=ADMIN,
    ),
    f"GET {AT}/tables/{{table}}": Described(
        summary="A table as the specification names it, by id",
        answer=succeeded(table=TEXT, rows=listed(by_name({})), next=maybe(ANY)),
        scope=ADMIN,
        path={"table": one_of(*Table)},
        query={**_limit(MOST_ROWS), "after": text()},
    ),
    f"GET {AT}/dead-letters": Described(
        summary="What was given up, the oldest first",
        answer=succeeded(letters=listed(fields(_LETTER)), next=maybe(TEXT)),
        scope=COLLECTOR,
        query={**_limit(MOST_LETTERS), "after": text(pattern=f"^({_ID})?$")},
    ),
    f"GET {AT}/dead-letters/{{id}}": Described(
        summary="One of them, whole",
        answer=succeeded(letter=fields({**_LETTER, "content": {}})),
        scope=COLLECTOR,
        path={"id": text(1)},
    ),
    f"POST {AT}/dead-letters/replay": Described(
        summary="As if they had come now",
        answer=_FATES,
        scope=ADMIN,
        body=_LETTERS,
        example=_NO_LETTER,
    ),
    f"POST {AT}/dead-letters/drop": Described(
        summary="Given up for good",
        answer=_FATES,
        scope=ADMIN,
        body=_LETTERS,
        example=_NO_LETTER,
    ),
    f"GET {AT}/calls-in-doubt": Described(
        summary="Calls of which nobody knows whether they went through",
        answer=succeeded(calls=listed(_DOUBT)),
        scope=COLLECTOR,
    ),
    f"POST {AT}/calls-in-doubt/settle": Described(
        summary="Somebody has looked at them",
        answer=succeeded(results=listed(fields({"id": TEXT, "is_settled": FLAG}))),
        scope=ADMIN,
        body=_CALL_IDS,
        example={"ids": ["7f3kaa"]},
    ),
    f"GET {AT}/refused-wishes": Described(
        summary="What modules wished and was not done, the newest first",
        answer=succeeded(calls=listed(_REFUSED)),
        scope=COLLECTOR,
        query={**_limit(MOST_CALLS), "module": TEXT},
    ),
    f"POST {AT}/rules/undo": Described(
        summary="A rule that hit the wrong people is off, and they may write again",
        answer=succeeded(
            rule=TEXT,
            community=TEXT,
            was_on=FLAG,
            hits=_COUNT,
            released=listed(_HIT),
            lines=listed(_HIT),
        ),
        scope=ADMIN,
        body=fields(
            {"rule": whole(1, 2**63 - 1)}, more={"hours": whole(1, MOST_HOURS), "dry_run": FLAG}
        ),
        example={"rule": 1, "hours": 24, "dry_run": True},
    ),
    f"GET {AT}/keys": Described(
        summary="Every key, and nothing that opens anything",
        answer=succeeded(keys=listed(_KEY)),
        scope=ADMIN,
    ),
    f"POST {AT}/keys": Described(
        summary="A new account's key, told once",
        answer=succeeded(account=TEXT, key=TEXT, expires_at=maybe(MOMENT)),
        scope=ADMIN,
        body=_NEW_KEY,
        example={"account": "overlay-editor", "kind": "module", "days": 365, "per_minute": 60},
    ),
    f"POST {AT}/keys/rotate": Described(
        summary="A second key, told once; the first one ends",
        answer=succeeded(account=TEXT, key=TEXT, old_ends_in_hours=_COUNT),
        scope=ADMIN,
        body=fields({"account": _ACCOUNT}, more={"overlap_hours": whole(0, MOST_OVERLAP_HOURS)}),
        example={"account": "overlay-editor", "overlap_hours": 24},
    ),
    f"POST {AT}/keys/revoke": Described(
        summary="A key that opens nothing any more within a minute",
        answer=succeeded(account=TEXT, id=TEXT, words=TEXT),
        scope=ADMIN,
        body=fields({"id": text(1)}),
        example={"id": "0123456789ab"},
    ),
    f"POST {AT}/keys/rotate-seal": Described(
        summary="Tokens of connections sealed anew, a batch a request",
        answer=succeeded(version=whole(1), done=_COUNT, shut=_COUNT, left=_COUNT),
        scope=ADMIN,
        body=fields({}, more={"version": whole(1, 2**31 - 1), "give_up": FLAG}),
        example={},
        needs_body=False,
    ),
    f"GET {AT}/changes": Described(
        summary="Who changed what, the newest first",
        answer=succeeded(changes=listed(_CHANGE), next=maybe(whole(1))),
        scope=ADMIN,
        query={**_limit(MOST_CHANGES), "before": whole(0, 10**18 - 1), "community": TEXT},
    ),
    f"POST {AT}/people/export": Described(
        summary="All that is known of a person, of every linked account",
        answer=succeeded(accounts=listed(_TOLD)),
        scope=ADMIN,
        body=_PERSON,
        example=_NOBODY,
    ),
    f"POST {AT}/people/erase": Described(
        summary="A person is forgotten within minutes",
        answer=succeeded(accounts=_COUNT, words=TEXT),
        scope=ADMIN,
        body=_PERSON,
        example=_NOBODY,
    ),
}
