"""What of that which happens is shown as an alert, and how."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.media_files import check_ready
from waddlebot.domain.alerts import MOST_RULES, AlertRule, check_alert, read_kind
from waddlebot.domain.errors import Because, Refusal
from waddlebot.platforms import platform_names
from waddlebot.stores.alert_rules import AlertRules
from waddlebot.stores.media_files import CommunityMedia
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

_DEED = "What OBS shows"


def set_alert(edit: Edit, asker: Asker, rule: AlertRule) -> AlertRule:
    """As it is kept, in place of the one of its kind, platform and least amount.

    Raises Refusal.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    kept = check_alert(rule, platform_names())
    edit.hold(asker.community)
    media = CommunityMedia(edit, asker.community)
    for kind, title in kept.files:
        check_ready(media, title, kind)
    rules = AlertRules(edit, asker.community)
    there = {key_of(one): one for one in rules.all()}
    if key_of(kept) not in there and len(there) >= MOST_RULES:
        reset = say_command(f"alerts reset {kept.kind}")
        words = f"There are {MOST_RULES} rules for alerts already. Take some back: {reset}"
        raise Refusal(words, code="TOO_MANY_ALERTS")
    rules.put(kept, before=there.get(key_of(kept)))
    return kept


def reset_alerts(
    edit: Edit, asker: Asker, *, kind: str, platform: str | None = None, least: int | None = None
) -> list[AlertRule]:
    """Those of this kind that are gone: it is as usual again. None is any of them; those that are
    for all platforms have the platform `""`.

    Raises Refusal: there is none.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = read_kind(kind)
    edit.hold(asker.community)
    rules = AlertRules(edit, asker.community)
    gone = [
        one
        for one in rules.all()
        if one.kind == wanted and platform in {None, one.platform} and least in {None, one.least}
    ]
    if not gone:
        words = f"There is no rule like that for {wanted}. See {say_command('alerts')}."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_ALERT", field="kind")
    for one in gone:
        rules.remove(one)
    return gone


def key_of(rule: AlertRule) -> tuple[str, str, int]:
    return rule.kind, rule.platform, rule.least
