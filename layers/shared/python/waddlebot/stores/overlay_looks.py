"""How what OBS shows of a community looks: a theme of the house, and its own style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayLook:
    """`theme` is empty for the usual one; `css` was read and written anew before it was kept."""

    theme: str = ""
    css: str = ""


_OF = "SELECT theme, css FROM overlay_looks WHERE community_id = %(id)s"


class OverlayLooks:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._community = community

    def find(self) -> OverlayLook:
        row = self._edit.connection.execute(_OF, {"id": self._community}).fetchone()
        return OverlayLook(**row) if row else OverlayLook()

    def put(self, look: OverlayLook, before: OverlayLook) -> None:
        """The record names how long style sheets are, not what stands in them."""
        self._edit.connection.execute(
            """
            INSERT INTO overlay_looks (community_id, theme, css) VALUES (%(id)s, %(theme)s, %(css)s)
            ON CONFLICT (community_id) DO UPDATE SET theme = excluded.theme, css = excluded.css
            """,
            {"id": self._community, "theme": look.theme, "css": look.css},
        )
        was, now = ({"theme": one.theme, "css_characters": len(one.css)} for one in (before, look))
        self._edit.note("set overlay look", "overlays", self._community, before=was, after=now)


def find_look(postgres: Postgres, community: CommunityId) -> OverlayLook:
    """Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return OverlayLook(**rows[0]) if rows else OverlayLook()
