"""What only an account can show; each is named, so that green is not read for more than it is."""

from __future__ import annotations

UNPROVEN = (
    "IAM: asked at the doors of the data alone, where each process has its own role's keys.",
    "The network: security groups, routes, IPv6 and the NAT instance are drawn and not walked.",
    "Quotas: of a new account's ten concurrent functions, of addresses and of new connections.",
    "RDS and ElastiCache themselves: fail-over, backups, the proxy's pinning, pace of IAM logins.",
    "Fargate: the task's process ran here, from its definition, without its image and its limits.",
    "arm64 and Python 3.13: the layer was built for this machine; for Lambda it is only resolved.",
    "SnapStart: how long a restore takes, and that nothing in a snapshot grew old.",
    "WebSocket APIs: statuses of refused handshakes, limits of frames and time, throttle and log.",
    "An edge (`domain=`): a stand-in did what the distribution says, without TLS and web ACL.",
    "API Gateway: how it reads odd addresses and long headers; the emulator's were tried.",
    "RDS's restore: a copy of the database on the same server was brought back from.",
    "The platforms: stand-ins of ours answered for Twitch.",
)
