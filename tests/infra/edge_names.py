"""Names in the houses that `edge_stacks.py` writes, for who writes and who reads them."""

from __future__ import annotations

DOMAIN, ZONE = "bot.example.org", "Z0123456789ABCDEFGHIJ"
