"""What it costs to bring in as many commands as a community may have."""

from __future__ import annotations

import tomllib

import pytest

from functions.communities.text_form import TOML
from tests.helpers.community_texts import bring, read
from tests.helpers.tenants import Tenants
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.aliases.deeds import MOST_ALIASES
from waddlebot.decisions.parts.custom.deeds import MOST_COMMANDS
from waddlebot.decisions.text import bring_text
from waddlebot.stores.versions import editing
from waddlebot_sdk.roles import Role

EACH = 10
"""So often a row is read at most: before, in its own deed, and behind it."""


def many(number: int) -> str:
    rows = (f'[custom.c{one}]\ntext = "Said $(count) times"\n' for one in range(number))
    return "\n".join(rows)


@pytest.mark.parametrize("is_trial", [True, False])
def test_each_that_is_brought_in_is_read_a_few_times(tenants: Tenants, *, is_trial: bool) -> None:
    """Each looks at all names and counters that there are: those are read once."""
    text = f"{read(tenants)}\n{many(MOST_COMMANDS)}"
    asker = Asker.with_key("tests", tenants.ours, Role.OWNER)
    with editing(tenants.database, tenants.versions) as edit:
        done = bring_text(edit, asker, text=text, form=TOML, is_trial=is_trial)
        edit.finish()
        rows = edit.connection.execute(
            """
            SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS read
            FROM pg_stat_xact_user_tables
            WHERE relname IN ('custom_commands', 'aliases', 'custom_counters')
            """
        ).fetchall()
    assert len(done) == MOST_COMMANDS
    counted = {row["relname"]: row["read"] for row in rows}
    assert counted["custom_commands"] < EACH * MOST_COMMANDS, counted
    assert counted["aliases"] < EACH * MOST_ALIASES, counted
    kept = tomllib.loads(read(tenants)).get("custom", {})
    assert len(kept) == (0 if is_trial else MOST_COMMANDS)


def test_a_trial_that_failed_leaves_nothing_for_the_next(tenants: Tenants) -> None:
    """What was read on the way is forgotten with what was written."""
    usual = read(tenants)
    wrong = f'{usual}\n{many(3)}\n[custom.c9]\ntext = "$(nothing)"\n'
    right = f"{usual}\n{many(3)}"
    asker = Asker.with_key("tests", tenants.ours, Role.OWNER)
    with editing(tenants.database, tenants.versions) as edit:
        for _ in range(2):
            told = bring_text(edit, asker, text=right, form=TOML, is_trial=True)
            assert len(told) == 3
        assert edit.touched == set()
    assert bring(tenants, wrong).status == 400
    assert "custom" not in tomllib.loads(read(tenants))
    assert len(bring(tenants, right).data["changes"]) == 3
