"""Every Valkey key of ours, and how long it lives."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import msgspec


def commands_version() -> str:
    """Cache: the token of the command table. Lives a day; missing means changed."""
    return "waddlebot:cache:router:version:commands"


def place_version(entity: str) -> str:
    """Cache: the token of the community that a place belongs to. Lives a day."""
    return f"waddlebot:cache:router:version:{entity}"


def command_window(community: int, person: str, command: str) -> str:
    """Limits: a person's calls of a command (sorted set). Lives a window, 60 s."""
    return f"waddlebot:rate_limit:router:{community}:{person}:{command}"


def cooldown_window(community: int, person: str, command: str) -> str:
    """Limits: a person's last call of a command (sorted set). Lives the cooldown."""
    return f"waddlebot:rate_limit:router:cooldown:{community}:{person}:{command}"


def limit_window(community: int, whose: str, command: str, seconds: int) -> str:
    """Limits: calls under a limit that a community set (sorted set). Lives `seconds`.

    `whose` is a person or `place:<entity>`; without a command all calls count. The length is part
    of the name, as a window that changes its length would forget or keep too much.
    """
    return f"waddlebot:rate_limit:router:set:{community}:{whose}:{command}:{seconds}"


def offers_window(community: int, whose: str) -> str:
    """Limits: what was probably meant was said in a place (sorted set). Lives 60 s."""
    return f"waddlebot:rate_limit:router:offers:{community}:{whose}"


def answers_window(community: int, whose: str) -> str:
    """Limits: refusals, usage and failures that were told (sorted set). Lives 60 s.

    `whose` is a person or `place:<entity>`.
    """
    return f"waddlebot:rate_limit:router:answers:{community}:{whose}:"


def refusal_window(community: int, person: str, command: str) -> str:
    """Limits: a refusal that was said (sorted set). Lives 60 s."""
    return f"waddlebot:rate_limit:router:refusal:{community}:{person}:{command}"


def completing_window(account: str) -> str:
    """Limits: how often somebody was offered what may be typed (sorted set). Lives 60 s.

    Of all places together, where the others have the community's number.
    """
    return f"waddlebot:rate_limit:router:completing:all:{account}:"


def windows_of(account: str) -> str:
    """A pattern for all windows above of a person, `platform:id`, and for some of others."""
    return f"waddlebot:rate_limit:router:*{account}:*"


def is_window_of(account: str, key: str) -> bool:
    """Whether this key is one of them: the person stands behind the community's number."""
    rest = key.removeprefix("waddlebot:rate_limit:router:")
    kind, _, behind = rest.partition(":")
    if not kind.isdigit():
        _, _, behind = behind.partition(":")
    return behind.startswith(f"{account}:")


def account_window(account: str) -> str:
    """Limits: an API caller's requests (sorted set). Lives a window, 60 s."""
    return f"waddlebot:rate_limit:api:{account}"


def strangers_window(source: str) -> str:
    """Limits: unknown keys that came from one address (sorted set). Lives a window, 60 s."""
    return f"waddlebot:rate_limit:api:unknown:{source}"


def visitors_window(address: str, source: str) -> str:
    """Limits: who came from one address to a module's (sorted set). Lives a window, 60 s."""
    return f"waddlebot:rate_limit:web:{address}:{source}"


def visitors_at_once(module: str) -> str:
    """Limits: who is being answered at a module's addresses now (sorted set). Lives 31 s."""
    return f"waddlebot:web:at_once:{module}"


def new_api_key(key_hash: str) -> str:
    """Cache: a key was made, and a replica may not have it yet. Lives 1 h."""
    return f"waddlebot:cache:api_key:new:{key_hash}"


class Partition(msgspec.Struct, frozen=True):
    """A share of the places, whose keys stand in one slot, so that one script may hold them.

    `tag` is empty where there is only one: then the names are the spec's.
    """

    number: int = 0
    tag: str = ""

    def events_stream(self) -> str:
        """Streams: what is to be routed. An entry lives until it is acknowledged."""
        return f"waddlebot:stream:events{self.tag}"

    def replies_stream(self) -> str:
        """Streams: what is to be sent. An entry lives until it is sent."""
        return f"waddlebot:stream:replies{self.tag}"

    def dead_letters(self) -> str:
        """Streams: what was given up, with the reason. Lives until an operator decides."""
        return f"waddlebot:dlq:events{self.tag}"

    def doubtful_replies(self) -> str:
        """Streams: what may or may not have been seen. Lives until an operator decides."""
        return f"waddlebot:doubt:replies{self.tag}"

    def late_records(self) -> str:
        """Streams: rows of the record that wait for the writer. An entry lives until it is one."""
        return f"waddlebot:stream:records{self.tag}"

    def health_probe(self) -> str:
        """Streams: what whoever asks for our health writes. Lives 5 s."""
        return f"{health_probe()}{self.tag}"

    def full(self) -> str:
        """Streams: set while the server has too little room to store told events. Lives 5 s."""
        return f"waddlebot:full{self.tag}"

    def receipt(self, event_id: str) -> str:
        """Streams: whose an event is and how it went (hash). Lives 1 h, renewed when found."""
        return f"waddlebot:receipt{self.tag}:{event_id}"

    def sent_mark(self, reply_id: str) -> str:
        """Streams: a reply is being sent or was. Lives 1 h."""
        return f"waddlebot:sent{self.tag}:{reply_id}"

    def unsaid(self, channel: str, reason: str) -> str:
        """Streams: why nothing can be said in a channel was told. Lives 1 day."""
        return f"waddlebot:unsaid{self.tag}:{channel}:{reason}"


class Partitions(msgspec.Struct, frozen=True):
    """All of them; the count is fixed for the life of the streams' content."""

    count: int = 1

    def __iter__(self) -> Iterator[Partition]:
        return map(self._numbered, range(self.count))

    def of(self, entity: str) -> Partition:
        """The one that a place belongs to: the same in every process and release."""
        return self._numbered(zlib.crc32(entity.encode()) % self.count)

    def _numbered(self, number: int) -> Partition:
        return Partition(number, "" if self.count == 1 else f":{{{number}}}")


def health_probe() -> str:
    """Each: what whoever asks for our health writes, to see that writes are taken. Lives 5 s."""
    return "waddlebot:health"


def gateways_alive() -> str:
    """Streams: which gateways live (sorted set, by when that ends). Lives as long as one does."""
    return "waddlebot:gateways:alive"


def discord_session(shard: int, count: int) -> str:
    """Streams: a shard's session and how far it got. Lives 10 min, renewed while it stands.

    `shard` is its number of `count`; both keys of one stand in one slot.
    """
    return f"waddlebot:discord:session:{{{shard}:{count}}}"


def discord_servers(shard: int, count: int) -> str:
    """Streams: roles, owners and channels of a shard's servers. Lives as the session.

    `shard` is its number of `count`.
    """
    return f"waddlebot:discord:servers:{{{shard}:{count}}}"


def discord_identify(row: int) -> str:
    """Streams: a shard of this row has just begun a session. Lives 5 s.

    `row` is its number of those that Discord lets begin at once.
    """
    return f"waddlebot:discord:identify:{row}"


def twitch_heard() -> str:
    """Streams: by channel, until when it was heard over a socket (seconds). Lives a day."""
    return "waddlebot:twitch:heard"


def press_window(community: int, whose: str, offer: str) -> str:
    """Limits: who pressed or sent what was offered (sorted set). Lives as long as the offer."""
    return f"waddlebot:rate_limit:press:{community}:{whose}:{offer}"


def open_form(ref: str) -> str:
    """Cache: a form that waits to be opened and filled in. Lives 15 min."""
    return f"waddlebot:form:{ref}"


def choices(entity: str, whose: str) -> str:
    """Cache: what can be picked by a number in a place, by all or by one. Lives as the offer."""
    return f"waddlebot:choices:{entity}:{whose}"


def sending_window(account: str) -> str:
    """Limits: calls that all gateways together made of a platform (sorted set). Lives a window."""
    return f"waddlebot:rate_limit:send:{account}"


def session(session_id: str) -> str:
    """Cache: the entity that an API caller's session belongs to. Lives 1 h, renewed when used."""
    return f"waddlebot:session:router:{session_id}"


def chat_entries(community: int) -> str:
    """Cache: the last lines that a community's chat box shows (sorted set). Lives 10 min."""
    return f"waddlebot:overlay:chat:{{{community}}}:entries"


def chat_known(community: int) -> str:
    """Cache: which of them were added, and what was deleted (hash). Lives as the lines."""
    return f"waddlebot:overlay:chat:{{{community}}}:known"


def private_choice(whose: str) -> str:
    """Cache: the community that a person's private lines act in. Lives 1 h, renewed when used.

    `whose` is the first account of the person, `platform:id`.
    """
    return f"waddlebot:private:choice:{whose}"


def private_question(entity: str) -> str:
    """Cache: which communities were offered privately, and what was typed. Lives 10 min."""
    return f"waddlebot:private:question:{entity}"


def sign_in(state_hash: str) -> str:
    """Cache: a sign-in that was begun in some browser. Lives 10 min, used once."""
    return f"waddlebot:sign_in:{state_hash}"


def login(secret_hash: str) -> str:
    """Cache: who is signed in. Lives 1 h, renewed when used."""
    return f"waddlebot:login:{secret_hash}"


def logins_of(account: str) -> str:
    """Cache: an account's logins (set), so that all can be ended. Lives a day."""
    return f"waddlebot:logins:{account}"


def known_person(platform: str, user: str) -> str:
    """Cache: what a platform said of an account: name, home, role. Lives 10 min."""
    return f"waddlebot:known:person:{platform}:{user}"


def known_name(platform: str, user: str) -> str:
    """Cache: what an account was called when it was last asked about. Lives a day."""
    return f"waddlebot:known:name:{platform}:{user}"


def known_channel(platform: str, channel: str) -> str:
    """Cache: what a channel is called. Lives 10 min."""
    return f"waddlebot:known:channel:{platform}:{channel}"


def known_groups(platform: str, server: str) -> str:
    """Cache: who is in which user group of a server (hash, by group). Lives 10 min."""
    return f"waddlebot:known:groups:{platform}:{server}"


def groups_changed(platform: str, server: str) -> str:
    """Cache: what was asked about its groups before is out of date. Lives 10 s."""
    return f"waddlebot:known:groups-changed:{platform}:{server}"


def person_changed(platform: str, user: str) -> str:
    """Cache: what was asked about this account before is out of date. Lives 10 s."""
    return f"waddlebot:known:changed:{platform}:{user}"


def asking_rests(platform: str) -> str:
    """Cache: the platform wants no questions for now. Lives as long as it said."""
    return f"waddlebot:known:rests:{platform}"


def breaker(service: str) -> str:
    """Cache: how often a service outside failed (hash). Lives 15 min after the last failure."""
    return f"waddlebot:outside:breaker:{service}"


def deliveries(community: int) -> str:
    """Cache: lines of a community that its servers are asked about now (sorted set). Lives 30 s."""
    return f"waddlebot:outside:deliveries:{community}"


def fetches(community: int) -> str:
    """Cache: texts of a community that ask servers now (sorted set). Lives 2 s."""
    return f"waddlebot:outside:fetches:{community}"


def kept_answer(service: str, name: str) -> str:
    """Cache: what a service outside answered. Lives as long as whoever asked says."""
    return f"waddlebot:outside:kept:{service}:{name}"
