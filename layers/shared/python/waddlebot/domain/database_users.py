"""As whom the database is entered; upkeep-migrate makes these users (docs/decisions/0098).

Each sees what it works with and nothing else.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

OWNER = "waddlebot_owner"
"""Every table, view and function is this one's: migrations and days' partitions are made by it."""
APP = "waddlebot_app"
"""Rooms of the house and the gateways: they read and write the house's rows, and change no table.
"""
NO_MODULES = frozenset({"owner", "app"})
"""Names that a module of the house cannot have: its user would be one of those above."""

IDLE_SECONDS = 5
"""How long a module's transaction may lie about when its function froze in the middle of it."""
OF_THE_APP = {
    "search_path": "public",
    # As long as the longest function runs; what a frozen one holds open is let go then.
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}
"""What the app's user begins with, by setting of PostgreSQL."""


def module_user(module: str) -> str:
    """Of a module of the house: it has its own tables, and its own rows of shared ones.

    The database knows it by this name too: the policies of migration 0091.
    """
    return f"waddlebot_{module.replace('-', '_')}"


def of_a_module(timeout_seconds: float) -> Mapping[str, str]:
    """What a module's user begins with, by setting: no statement takes longer than it declares."""
    return {
        "search_path": "public",
        "statement_timeout": f"{int(timeout_seconds * 1000)}ms",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    }


def password_of(master_url: str) -> str:
    """What the master enters with; empty where it does so otherwise, and all others as well."""
    return unquote(urlsplit(master_url).password or "")


def derived_password(master_password: str, user: str) -> str:
    """On one machine: nobody keeps it, and it tells nothing of the master's or another's."""
    return hmac.digest(master_password.encode(), user.encode(), "sha256").hex()


def url_of(master_url: str, user: str, server_url: str = "") -> str:
    """Where `user` enters on one machine: at the master's server, or at another of its data."""
    at = urlsplit(server_url or master_url)
    password = derived_password(password_of(master_url), user)
    place = at.netloc.rpartition("@")[2]
    return urlunsplit(at._replace(netloc=f"{quote(user)}:{password}@{place}"))
