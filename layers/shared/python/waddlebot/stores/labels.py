"""Labels, and what they hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.entities import GLOBAL_COMMUNITY, CommunityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.labels import MOST_LABELS, USUAL_COLOR, Applied, Label, Labelled
from waddlebot.stores.own_writes import read_as_of
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """`id` of a user is `platform:id`; of the community itself it is empty."""

    kind: Labelled
    id: str


class Labels:
    """Changes. Every name is one that `read_label_name` gave."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community

    def make(self, name: str, color: str = USUAL_COLOR) -> None:
        """Raises Refusal: there is one of this name, or there are too many."""
        self._lock()
        known = _labels_of(self._connection.execute(_LABELS, _whose(self._community)))
        if any(label.name == name for label in known):
            raise Refusal(f"There is a label '{name}' already.", code="LABEL_EXISTS")
        if sum(not label.is_everybodys for label in known) >= MOST_LABELS:
            words = f"There are {MOST_LABELS} labels already."
            raise Refusal(words, Because.WRONG, code="TOO_MANY_LABELS")
        self._connection.execute(
            "INSERT INTO labels (community_id, name, color) VALUES (%(id)s, %(name)s, %(color)s)",
            {"id": self._community, "name": name, "color": color},
        )
        self._edit.note("make label", name, self._community, after={"color": color})

    def recolor(self, name: str, color: str) -> None:
        """Raises Refusal, as `drop`."""
        was = self._own(name)
        self._connection.execute(
            "UPDATE labels SET color = %(color)s WHERE id = %(id)s",
            {"id": was["id"], "color": color},
        )
        if was["color"] != color:
            before, after = {"color": was["color"]}, {"color": color}
            self._edit.note("change label", name, self._community, before=before, after=after)

    def drop(self, name: str) -> int:
        """It, and from everything it hangs on; how many that were.

        Raises:
            Refusal: there is none, or it is everybody's.
        """
        was = self._own(name)
        taken = self._connection.execute(
            "DELETE FROM entity_labels WHERE label_id = %(id)s", {"id": was["id"]}
        ).rowcount
        self._connection.execute("DELETE FROM labels WHERE id = %(id)s", {"id": was["id"]})
        before = {"color": was["color"], "things": taken}
        self._edit.note("drop label", name, self._community, before=before)
        return taken

    def apply(self, thing: Thing, name: str, *, until: datetime | None = None) -> None:
        """Raises Refusal: there is no such label, it hangs there already, or no more fit."""
        self._lock()
        label = self._known(name)
        hanging = self._connection.execute(
            """
            SELECT label_id FROM entity_labels
            WHERE community_id = %(community)s AND kind = %(kind)s AND thing = %(thing)s
                AND (expires_at IS NULL OR expires_at > now())
            """,
            self._named(thing),
        ).fetchall()
        if any(row["label_id"] == label["id"] for row in hanging):
            raise Refusal(f"The label '{name}' is there already.", code="ALREADY_LABELLED")
        if len(hanging) >= thing.kind.most:
            words = f"There are {thing.kind.most} labels on it, and no more fit."
            raise Refusal(words, Because.WRONG, code="TOO_MANY_LABELS")
        self._connection.execute(
            """
            INSERT INTO entity_labels (community_id, kind, thing, label_id, expires_at)
            VALUES (%(community)s, %(kind)s, %(thing)s, %(label)s, %(until)s)
            ON CONFLICT (community_id, kind, thing, label_id)
            DO UPDATE SET expires_at = excluded.expires_at
            """,
            {**self._named(thing), "label": label["id"], "until": until},
        )
        after = {"label": name, "until": until.isoformat() if until else None}
        self._edit.note("apply label", _about(thing), self._community, after=after)

    def take(self, thing: Thing, name: str) -> None:
        """Raises Refusal: there is no such label on it."""
        label = self._known(name)
        taken = self._connection.execute(
            """
            DELETE FROM entity_labels
            WHERE community_id = %(community)s AND kind = %(kind)s AND thing = %(thing)s
                AND label_id = %(label)s
            """,
            {**self._named(thing), "label": label["id"]},
        ).rowcount
        if not taken:
            words = f"There is no label '{name}' on it."
            raise Refusal(words, Because.UNKNOWN, code="NOT_LABELLED")
        self._edit.note("take label", _about(thing), self._community, before={"label": name})

    def _lock(self) -> None:
        """Whoever counts labels here at the same time waits."""
        self._connection.execute(
            "SELECT FROM communities WHERE id = %(id)s FOR UPDATE", {"id": self._community}
        )

    def _known(self, name: str) -> dict[str, Any]:
        """The row of this community's label, locked, or of everybody's."""
        row = self._connection.execute(
            """
            SELECT * FROM labels
            WHERE community_id IN (%(community)s, %(everybodys)s) AND name = %(name)s FOR SHARE
            """,
            {**_whose(self._community), "name": name},
        ).fetchone()
        if row is None:
            words = f"There is no label '{name}'."
            raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_LABEL")
        return row

    def _own(self, name: str) -> dict[str, Any]:
        row = self._known(name)
        if row["community_id"] != self._community:
            words = f"The label '{name}' is everybody's."
            raise Refusal(words, Because.MAY_NOT, code="EVERYBODYS_LABEL")
        return row

    def _named(self, thing: Thing) -> dict[str, Any]:
        return {"community": self._community, "kind": thing.kind.value, "thing": thing.id}


class LabelSearch:
    """Questions about one community. Every method raises Unavailable.

    `version` is the community's as the asking side knows it: who wrote reads what they wrote.
    """

    def __init__(self, postgres: Postgres, community: CommunityId, *, version: str) -> None:
        self._postgres = postgres
        self._community = community
        self._version = version

    def list_all(self) -> list[Label]:
        """Its own and everybody's, by name."""
        return _labels_of(self._postgres.write(_LABELS, _whose(self._community)))

    def on(self, thing: Thing) -> list[Applied]:
        rows = self._postgres.write(
            """
            SELECT name, expires_at FROM entity_labels JOIN labels ON labels.id = label_id
            WHERE entity_labels.community_id = %(community)s AND kind = %(kind)s
                AND thing = %(thing)s AND (expires_at IS NULL OR expires_at > now())
            ORDER BY name
            """,
            {"community": self._community, "kind": thing.kind.value, "thing": thing.id},
        )
        return [Applied(name=row["name"], until=row["expires_at"]) for row in rows]

    def find(
        self,
        kind: Labelled,
        names: Sequence[str],
        *,
        match_all: bool = False,
        after: str = "",
        most: int = 100,
    ) -> list[str]:
        """The things on which any of these labels hangs, or all; by id, those behind `after`."""
        rows = read_as_of(
            self._postgres,
            self._community,
            self._version,
            """
            SELECT thing FROM entity_labels JOIN labels ON labels.id = label_id
            WHERE entity_labels.community_id = %(community)s AND kind = %(kind)s
                AND name = ANY(%(names)s) AND thing > %(after)s
                AND (expires_at IS NULL OR expires_at > now())
            GROUP BY thing HAVING count(*) >= %(needed)s ORDER BY thing LIMIT %(most)s
            """,
            {
                "community": self._community,
                "kind": kind.value,
                "names": list(set(names)),
                "after": after,
                "needed": len(set(names)) if match_all else 1,
                "most": most,
            },
        )
        return [row["thing"] for row in rows]


_LABELS = """
    SELECT name, color, community_id FROM labels
    WHERE community_id IN (%(community)s, %(everybodys)s) ORDER BY name
"""


def _whose(community: CommunityId) -> dict[str, Any]:
    return {"community": community, "everybodys": GLOBAL_COMMUNITY}


def _labels_of(rows: Any) -> list[Label]:
    return [_label(row) for row in rows]


def _label(row: Mapping[str, Any]) -> Label:
    return Label(
        name=row["name"],
        color=row["color"],
        is_everybodys=row["community_id"] == GLOBAL_COMMUNITY,
    )


def _about(thing: Thing) -> str:
    return f"{thing.kind.value} {thing.id}".rstrip()
