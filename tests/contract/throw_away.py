"""A part that a community might decide one day: it is put into a folder and on the list."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from tests.contract.wrong import Wrong
from waddlebot.decisions import parts
from waddlebot.stores.postgres import Postgres

POND = "pond"
FILES = {
    "__init__": "",
    "rows": """
        from waddlebot.stores.part_rows import PartRows

        ROWS = PartRows(
            columns={
                "pond": "(SELECT depth FROM ponds WHERE ponds.community_id = communities.id)"
            },
            own=lambda row: row["pond"],
        )
        """,
    "deeds": """
        from waddlebot.domain.errors import Because, Refusal
        from waddlebot_sdk.roles import Role

        def deepen_pond(edit, asker, *, depth):
            asker.check_everywhere(Role.ADMIN)
            if depth is not None and (type(depth) is not int or not 1 <= depth <= 100):
                raise Refusal("A pond is 1 to 100 deep.", Because.WRONG, field="depth")
            about = {"community": asker.community, "depth": depth}
            edit.connection.execute(
                "DELETE FROM ponds WHERE community_id = %(community)s", about
            )
            if depth is not None:
                edit.connection.execute(
                    "INSERT INTO ponds VALUES (%(community)s, %(depth)s)", about
                )
            edit.note("deepen pond", "pond", asker.community, after={"value": depth})
        """,
    "text": """
        from waddlebot.decisions.part_text import PartText
        from waddlebot.decisions.parts.pond.deeds import deepen_pond
        from waddlebot.domain.community_facts import FactKind, at

        DEPTH = FactKind(name="depth of the pond", place=at("pond.depth"))

        def _deepen(edit, asker, one):
            deepen_pond(edit, asker, depth=one.after)

        def _read(top):
            table = top.table("pond")
            return {(DEPTH,): table.setting("depth")} if "depth" in table.fields else {}

        def _write(facts):
            return {"pond": {"depth": depth for depth in facts[DEPTH].values()}}

        TEXT = PartText(
            deeds={DEPTH: _deepen},
            facts=lambda row: {(DEPTH,): row["pond"]} if row["pond"] else {},
            read=_read,
            write=_write,
        )
        """,
}
DEED = "deepen_pond"
WRONG_PONDS = tuple(
    Wrong(say="A pond is 1 to 100 deep.", text={"pond": {"depth": depth}})
    for depth in (0, -1, 101, 10**9, "deep", True)
)


@contextmanager
def pond_added(folder: Path, owner: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder, a line in the list, and its table. Afterwards none of it was ever there."""
    (folder / POND).mkdir()
    for name, source in FILES.items():
        (folder / POND / f"{name}.py").write_text(dedent(source))
    importlib.invalidate_caches()
    owner.write("CREATE TABLE ponds (community_id bigint PRIMARY KEY, depth int NOT NULL)")
    owner.write("GRANT ALL ON ponds TO waddlebot_app")
    try:
        with monkeypatch.context() as patched:
            patched.setattr(parts, "__path__", [*parts.__path__, str(folder)])
            patched.setattr(parts, "PARTS", (*parts.PARTS, POND))
            yield
    finally:
        owner.write("DROP TABLE ponds")
        for name in [one for one in sys.modules if one.startswith(f"{parts.__name__}.{POND}")]:
            del sys.modules[name]
        vars(parts).pop(POND, None)
