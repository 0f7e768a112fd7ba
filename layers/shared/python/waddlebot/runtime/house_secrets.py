"""Names of the platform's secrets on AWS, for whoever makes, writes and reads them."""

from __future__ import annotations

READ_BY = "waddlebot:read-by"
"""A tag of each secret: the functions that read it, by name, with blanks between."""
AT_DEPLOY = "waddlebot:at-deploy"
"""A tag: those of them that find it set, and see a new one at the next deploy."""
NOBODY = "nobody"
"""What stands in such a tag where there is none: an empty one cannot be kept everywhere."""


VALKEY_PASSWORD = "VALKEY_PASSWORD"  # noqa: S105 - a secret's name
"""Of the one user of ElastiCache, where it enters by password (docs/decisions/0109)."""


def database_password(user: str) -> str:
    """Under which name the password of a user of the database is kept, where it has one."""
    return f"DATABASE_PASSWORD_OF_{user.upper()}"


def is_password(variable: str) -> bool:
    """Of a server; such a secret is `{"username": …, "password": …}`, as RDS Proxy wants it."""
    return variable == VALKEY_PASSWORD or variable.startswith(database_password(""))


def secrets_under(stage: str) -> str:
    return f"waddlebot/{stage}/"


def secret_name(stage: str, variable: str) -> str:
    return f"{secrets_under(stage)}{variable}"


def version_parameter(stage: str, variable: str) -> str:
    """Of SSM: it holds the version id of the secret that is in force, and a deploy reads it.

    No stack has it as a resource, else a roll-back would write what was in force before.
    """
    return f"/waddlebot/{stage}/versions/{variable}"


OF_EDGE = "waddlebot-edge/"
"""Under it stands what CloudFront is told of the house: no secrets, and nobody writes them but a
deploy.
"""


def bucket_host(stage: str) -> str:
    """Where the bucket of media files is found: `….s3.eu-central-1.amazonaws.com`."""
    return f"{OF_EDGE}{stage}/media-bucket"
