from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


# Nobody compares or prints them, and each cold start of ingress would pay for the methods.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Abilities:
    """What the rest of the house may count on, so that it never asks which platform it is.

    `name` is how people write it. A message has `most_characters` at most, counted by `measure`;
    all that one call says has about `most_messages` of them, as nobody reads on and all scroll.
    `deletes_messages`: the bot can remove other people's lines; `deletes_for_admins`: it can where
    an admin let it do so in their name.
    `times_out`: it can keep people from writing for a while; `bans`: for good; `kicks`: send them
    away, and they may come back. `announces` and `shouts_out`: in the platform's own way.
    `reacts`: it can put an emoji to a line. `sets_stream`: title and game of a channel's stream.
    `private_replies`: an answer can be shown to one person alone.
    `place_sign` stands before a channel's name.
    `has_finders`: below a message there may be a field that offers lines to who types in it.
    `dresses_lists`: it has a dress for a titled list, which one message of an answer may wear.
    `person` is how people name somebody there; its groups hold the id, or with `by_login` the
    login, which the platform is asked about. `account_id` is how the platform's ids of people look;
    `has_own_names`: beside them an account has a name that nobody else bears.
    `small_names`: its names know no capitals; `capital_names`: they know nothing else.
    `asks_with` is the function that asks the platform who somebody is, where its events carry ids
    alone; `nameless_channel` is a channel's link there without its name, its group holds the id.
    `asks_standing_with` is the function that asks the platform what somebody is in a server, where
    private talk does not say it.
    `moderators_of` makes of a home the place where those who moderate it surely look, `alone_with`
    of a person's id the place where that person and the bot are alone.
    """

    name: str
    most_characters: int
    most_messages: int
    measure: Callable[[str], int] = len
    deletes_messages: bool = False
    deletes_for_admins: bool = False
    times_out: bool = False
    bans: bool = False
    kicks: bool = False
    announces: bool = False
    shouts_out: bool = False
    reacts: bool = False
    sets_stream: bool = False
    private_replies: bool = False
    dresses_lists: bool = False
    has_buttons: bool = False
    has_finders: bool = False
    place_sign: str = ""
    person: re.Pattern[str] | None = None
    account_id: re.Pattern[str] | None = None
    has_own_names: bool = False
    by_login: bool = False
    small_names: bool = False
    asks_with: str = ""
    asks_standing_with: str = ""
    nameless_channel: re.Pattern[str] | None = None
    capital_names: bool = False
    moderators_of: tuple[re.Pattern[str], str] | None = None
    alone_with: str = ""
