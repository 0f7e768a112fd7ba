"""The live connections that there are tokens for; importing their SDKs takes its time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from redis.asyncio import Redis

from gateway_bot.changed_secrets import Doubt, no_doubt
from gateway_bot.connections.completing import Complete, nothing_offered
from gateway_bot.connections.discord_commands import Registry, keep_registered
from gateway_bot.connections.discord_sessions import Sessions, Shard
from gateway_bot.connections.storing import Append
from gateway_bot.connections.twitch_channels import HeldChannels
from gateway_bot.settings import GatewaySettings
from gateway_bot.shares import FindMore, Unit
from gateway_bot.twitch_tokens import TwitchTokens
from waddlebot.domain.errors import Unavailable
from waddlebot.platforms.twitch.allowing import TwitchApp
from waddlebot.stores.claims import Claimable, Claims, Live
from waddlebot.stores.on_air import tell_streams
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.twitch_heard import Heard
from waddlebot.stores.versions import Versions

if TYPE_CHECKING:
    import aiohttp

    from gateway_bot.connections.twitch_connected import ConnectedChannels
    from gateway_bot.connections.twitch_helix import Helix

Job = Callable[[], Awaitable[None]]
LIVE_STATUS = "live status"


@dataclass(slots=True, kw_only=True)
class Connected:
    """`units` are shared out among the gateways, and the channels of `streamers`; `jobs` run in
    each, for what it carries."""

    units: list[Unit] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    streamers: ConnectedChannels | None = None

    @property
    def find_more(self) -> FindMore | None:
        return self.streamers.units if self.streamers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    settings: GatewaySettings
    append: Append
    claims: Claims
    postgres: Postgres
    streams: Redis
    versions: Versions
    tokens: TwitchTokens | None
    doubt: Doubt
    complete: Complete


def connections_of(
    settings: GatewaySettings,
    append: Append,
    claims: Claims,
    postgres: Postgres,
    streams: Redis,
    *,
    versions: Versions,
    tokens: TwitchTokens | None = None,
    doubt: Doubt = no_doubt,
    complete: Complete = nothing_offered,
) -> Connected:
    """What a platform complains of may be a secret of before: then `doubt` is called."""
    means = _Means(
        settings=settings,
        append=append,
        claims=claims,
        postgres=postgres,
        streams=streams,
        versions=versions,
        tokens=tokens,
        doubt=doubt,
        complete=complete,
    )
    connected = Connected()
    if settings.discord_token:
        connected.units += _shards(means)
        connected.units += _commands(settings, postgres)
    if settings.slack_app_token:
        connected.units.append(_slack(means))
    if settings.has_twitch_webhooks or settings.has_twitch_user:
        _add_twitch(connected, means)
    return connected


def _add_twitch(connected: Connected, means: _Means) -> None:
    """The operator's channels, and those that streamers connect while this runs."""
    settings, held = means.settings, HeldChannels()
    streamers = _streamers(means, held)
    if not settings.twitch_channels and streamers is None:
        return
    connected.units += _channels(settings, held, streamers)
    connected.units.append(_live_status(means, streamers))
    hears = _webhooks if settings.has_twitch_webhooks else _sockets
    connected.jobs["twitch"] = hears(means, held)
    connected.streamers = streamers


def _streamers(means: _Means, held: HeldChannels) -> ConnectedChannels | None:
    """None where nobody can connect anything: without a secret, or a seal key."""
    app = TwitchApp.find(means.settings.variables)
    access = means.tokens.channels if means.tokens else None
    if app is None or access is None:
        return None
    from gateway_bot.connections.twitch_connected import ConnectedChannels

    return ConnectedChannels(
        access=access,
        postgres=means.postgres,
        auth_url=app.auth_url,
        held=held,
        operators=means.settings.twitch_channels,
        most=means.settings.most_claims,
    )


def _shards(means: _Means) -> Iterator[Unit]:
    from gateway_bot.connections import discord
    from gateway_bot.connections.discord_plan import DiscordSettings

    settings = means.settings
    for number in range(settings.discord_shards):
        shard = Shard(number=number, count=settings.discord_shards)
        at_discord = DiscordSettings(
            token=settings.discord_token, api_url=settings.discord_api_url, shard=shard
        )
        row = Claimable(platform="discord", channel=str(shard))
        listen = partial(
            discord.run,
            at_discord,
            means.append,
            Sessions(means.streams, shard),
            tell_servers=partial(_tell_servers, means, row),
            tell=partial(_tell_of, means, row),
            complete=means.complete,
        )
        yield _shard(shard, listen)


def _shard(shard: Shard, listen: Callable[..., Awaitable[None]]) -> Unit:
    """It is cut off where another gateway takes it over, and asks before it begins a session."""

    def jobs(term: asyncio.Event) -> dict[str, Job]:
        return {f"discord {shard}": partial(listen, is_ours=lambda: not term.is_set())}

    return Unit(platform="discord", channel=str(shard), jobs=jobs)


async def _tell_servers(means: _Means, row: Claimable, servers: Sequence[str]) -> None:
    holder = means.settings.consumer
    await asyncio.to_thread(means.claims.tell, holder, row, servers=servers)


def _commands(settings: GatewaySettings, postgres: Postgres) -> Iterator[Unit]:
    if settings.discord_application:
        registry = Registry(
            token=settings.discord_token,
            application=settings.discord_application,
            api_url=settings.discord_api_url,
        )
        yield _alone("discord", "commands", partial(keep_registered, registry, postgres))


def _slack(means: _Means) -> Unit:
    from gateway_bot.connections import slack

    at_slack = slack.SlackSettings(
        token=means.settings.slack_app_token,
        api_url=means.settings.variables.get("SLACK_API_URL") or slack.API_URL,
    )
    row = Claimable(platform="slack", channel="gateway")
    tell = partial(_tell_of, means, row)
    run = partial(slack.run, at_slack, means.append, tell, complete=means.complete)
    return _alone("slack", "gateway", run)


def _channels(
    settings: GatewaySettings, held: HeldChannels, streamers: ConnectedChannels | None
) -> Iterator[Unit]:
    """They come to `held`, which the platform's one job reads; their streamers may connect them."""
    for channel in settings.twitch_channels:

        def jobs(_term: asyncio.Event, channel: str = channel) -> Mapping[str, Job]:
            keeping: dict[str, Job] = {f"twitch {channel}": partial(held.keep, channel)}
            if streamers:
                keeping[f"twitch token {channel}"] = partial(streamers.keep_token_of, channel)
            return keeping

        yield Unit(platform="twitch", channel=channel, jobs=jobs, most=settings.most_claims)


def _live_status(means: _Means, streamers: ConnectedChannels | None) -> Unit:
    from gateway_bot.connections.twitch_live import watch_live

    async def set_live(live: Sequence[Live]) -> None:
        if news := await asyncio.to_thread(means.claims.set_live, "twitch", live):
            await asyncio.to_thread(tell_streams, means.postgres, means.versions, "twitch", news)

    def channels() -> Sequence[str]:
        return [*means.settings.twitch_channels, *(streamers.channels if streamers else ())]

    watch = partial(watch_live, partial(_helix, means), channels, set_live)
    return _alone("twitch", LIVE_STATUS, watch)


def _helix(means: _Means, session: aiohttp.ClientSession) -> Helix:
    from gateway_bot.connections.twitch_helix import API_URL, Helix

    settings, tokens = means.settings, means.tokens
    name = "TWITCH_APP_TOKEN" if settings.has_twitch_webhooks else "TWITCH_USER_TOKEN"
    token = tokens and (tokens.app if settings.has_twitch_webhooks else tokens.user)
    return Helix(
        session=session,
        token=settings.variables.get(name, ""),
        token_name=name,
        renewed=token if token and token.access else None,
        client_id=settings.variables.get("TWITCH_CLIENT_ID", ""),
        api_url=settings.variables.get("TWITCH_API_URL") or API_URL,
    )


def _sockets(means: _Means, held: HeldChannels) -> Job:
    from gateway_bot.connections import twitch

    variables = means.settings.variables
    at_twitch = twitch.TwitchSettings(
        helix=partial(_helix, means),
        bot_user_id=variables.get("TWITCH_BOT_USER_ID", ""),
        socket_url=variables.get("TWITCH_EVENTSUB_URL") or twitch.SOCKET_URL,
    )
    return partial(
        twitch.run,
        at_twitch,
        means.append,
        held,
        Heard(means.streams),
        partial(_tell_trouble, means),
    )


def _webhooks(means: _Means, held: HeldChannels) -> Job:
    from gateway_bot.connections import twitch_webhooks

    variables = means.settings.variables
    at_twitch = twitch_webhooks.WebhookSettings(
        helix=partial(_helix, means),
        bot_user_id=variables.get("TWITCH_BOT_USER_ID", ""),
        callback=means.settings.twitch_callback,
        secret=means.settings.twitch_secret,
        client_id=variables.get("TWITCH_CLIENT_ID", "") if _can_connect(means) else "",
        operators=means.settings.twitch_channels,
    )
    return partial(
        twitch_webhooks.keep_subscribed,
        at_twitch,
        held,
        partial(_tell_trouble, means),
    )


def _can_connect(means: _Means) -> bool:
    return bool(means.tokens and means.tokens.channels)


async def _tell_trouble(means: _Means, channel: str, trouble: str) -> None:
    with contextlib.suppress(Unavailable):  # it stands in the log as well
        await _tell_of(means, Claimable(platform="twitch", channel=channel), trouble)


async def _tell_of(means: _Means, row: Claimable, trouble: str) -> None:
    if trouble:
        await means.doubt()
    await asyncio.to_thread(means.claims.tell, means.settings.consumer, row, trouble=trouble)


def _alone(platform: str, channel: str, job: Job) -> Unit:
    """One for all of a platform's places; it is cut off where another gateway takes it over."""
    return Unit(
        platform=platform, channel=channel, jobs=lambda _term: {f"{platform} {channel}": job}
    )
