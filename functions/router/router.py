"""What one invocation of the router works with: a tool a stage, as `resources.py` makes them."""

from __future__ import annotations

from dataclasses import dataclass

from functions.router.acquaintances import Acquaintances
from functions.router.begin import Receipts
from functions.router.chat_box import ChatBoxRoad
from functions.router.directory import Directory
from functions.router.execute import ModuleCaller
from functions.router.hand_over import WaysBack
from functions.router.limits import Limits
from functions.router.match import Triggers
from functions.router.mentioned import Mentions
from functions.router.offers import Offers
from functions.router.private_talk import PrivateTalk
from functions.router.recalled import RecalledLines
from functions.router.record import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Router:
    directory: Directory
    triggers: Triggers
    private_talk: PrivateTalk
    acquaintances: Acquaintances
    receipts: Receipts
    limits: Limits
    caller: ModuleCaller
    ways_back: WaysBack
    ledger: Ledger
    offers: Offers
    mentions: Mentions
    recalled: RecalledLines
    chat_box: ChatBoxRoad
