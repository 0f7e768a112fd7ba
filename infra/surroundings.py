"""What a process of ours finds around it on AWS: variables, rights, and a place in the network.

All by its needs, for functions and gateways alike; other stacks' addresses come by parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from functions.database_users import database_user
from functions.declaration import Function
from infra.addresses import DATABASE, DATABASE_NEEDS, MASTER, Addresses, valkey_user
from infra.passwords import IAM, SECRET, database_passwords, has_token
from infra.profiles import Profile
from infra.published import published, published_list
from infra.secrets_of_house import secrets_of, told_at_deploy
from infra.socket_door import SocketDoor
from infra.strangers import GROUP as STRANGERS
from waddlebot.runtime.environment import KEPT_AT
from waddlebot.runtime.house_secrets import (
    VALKEY_PASSWORD,
    database_password,
    secret_name,
    secrets_under,
    version_parameter,
)
from waddlebot.runtime.needs import (
    CONNECTIONS_URLS,
    FUNCTION_PREFIX,
    LIVE,
    MASTER_URL,
    MEDIA_ADDRESS,
    MEDIA_BUCKET,
    MEDIA_RIGHTS,
    PARTITIONS,
    PASSWORDS_UNDER,
    PUBLIC_URL,
    SOCKET_ADDRESSES,
    VARIABLES,
    AnyNeed,
    Invoke,
    Master,
    MediaAddress,
    MediaFiles,
    Need,
    Secret,
    SocketAddress,
    Sockets,
)

MOST_DESCRIBED = 256
"""Characters of the description of a version."""
VERSION_ID = 37
"""Characters of the id of a secret's version, and a blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Who has `needs`: a function, or the gateways. `user` enters the database, `direct` past its
    proxy. CloudFormation puts in the secrets that it is `told`; all others it reads as it works.
    `isolated` is a stranger's code.
    """

    name: str
    needs: frozenset[AnyNeed]
    user: str = ""
    direct: bool = False
    told: frozenset[str] = frozenset()
    isolated: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """By variable."""
        return tuple(sorted(secrets_of(self.needs)))

    @property
    def looked_up(self) -> tuple[str, ...]:
        return tuple(name for name in self.secrets if name not in self.told)

    @property
    def is_master(self) -> bool:
        """May enter the database as its master."""
        return any(isinstance(need, Master) for need in self.needs)

    @property
    def calls(self) -> tuple[str, ...]:
        return tuple(sorted(need.function for need in self.needs if isinstance(need, Invoke)))

    @property
    def writes_to(self) -> tuple[str, ...]:
        """Audiences of sockets."""
        return tuple(sorted(need.audience for need in self.needs if isinstance(need, Sockets)))

    @property
    def tells_of(self) -> tuple[str, ...]:
        """Audiences whose pages learn from it where they open a socket."""
        return tuple(
            sorted(need.audience for need in self.needs if isinstance(need, SocketAddress))
        )

    @property
    def media(self) -> tuple[str, ...]:
        """What it may do with media files."""
        return tuple(sorted(need.may for need in self.needs if isinstance(need, MediaFiles)))

    @property
    def data(self) -> tuple[Need, ...]:
        return tuple(need for need in Need if need in self.needs)


def process_of(function: Function) -> Workload:
    return Workload(
        name=function.name,
        needs=function.needs,
        user=database_user(function),
        direct=function.direct,
        told=told_at_deploy(function),
        isolated=function.isolated,
    )


@dataclass(frozen=True)
class StageSurroundings:
    """`login` is one of passwords.py; `public_url` is under which people and platforms reach us;
    `sockets` are by audience;
    `media_address` is empty without a domain.
    """

    stack: cdk.Stack
    stage: str
    profile: Profile
    public_url: str
    login: str = IAM
    sockets: Mapping[str, SocketDoor] = field(default_factory=dict)
    media_address: str = ""

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(stage=self.stage)

    @cached_property
    def media_bucket(self) -> str:
        """By a parameter of a name of its own: grants under it are acknowledged by that."""
        return str(
            cdk.CfnParameter(
                self.stack,
                "MediaBucketName",
                type="AWS::SSM::Parameter::Value<String>",
                default=self.addresses.media_bucket,
            ).value_as_string
        )

    def variables(self, process: Workload) -> dict[str, str]:
        """No password is among them, and of secrets at most a reference or a name."""
        found = {VARIABLES[need]: self._url(need, process) for need in process.data}
        for name in process.secrets:
            is_told = name in process.told
            found[name] = self._resolved(name) if is_told else KEPT_AT + self._secret(name)
        if process.is_master:
            host = published(self.stack, self.addresses.database_direct)
            entered = f"{DATABASE}?login=secret&password={self._master_secret()}"
            found[MASTER_URL] = f"postgresql://{MASTER}@{host}:5432/{entered}"
            if self.login == SECRET:
                found[PASSWORDS_UNDER] = secrets_under(self.stage)
        if any(need == Secret(variable=PUBLIC_URL) for need in process.needs):
            found[PUBLIC_URL] = self.public_url
        for audience in process.writes_to:
            found[CONNECTIONS_URLS[audience]] = self.sockets[audience].url
        for audience in process.tells_of:
            found[SOCKET_ADDRESSES[audience]] = self.sockets[audience].address
        found |= self._of_media(process)
        if process.calls:
            found[FUNCTION_PREFIX] = f"waddlebot-{self.stage}-"
        if Need.STREAMS in process.needs:
            found[PARTITIONS] = str(self.profile.partitions)
        return dict(sorted(found.items()))

    def _of_media(self, process: Workload) -> dict[str, str]:
        found = {MEDIA_BUCKET: self.media_bucket} if process.media else {}
        if self.media_address and MediaAddress() in process.needs:
            found[MEDIA_ADDRESS] = self.media_address
        return found

    def rights(self, process: Workload) -> Iterator[iam.PolicyStatement]:
        """Exactly what its variables point at."""
        if process.calls:
            yield _may("lambda:InvokeFunction", *map(self.function_arn, process.calls))
        for audience in process.writes_to:
            yield _may("execute-api:ManageConnections", self.sockets[audience].arn)
        for may in process.media:
            for action, under in MEDIA_RIGHTS[may]:
                yield _may(action, self._objects(under))
        if process.is_master:
            yield _may("secretsmanager:GetSecretValue", self._master_secret())
            yield _may("kms:Decrypt", published(self.stack, self.addresses.key))
        if process.looked_up:
            yield _may("secretsmanager:GetSecretValue", *map(self._secret_arn, process.looked_up))
        data = [self._entered(need, process) for need in process.data if need in DATABASE_NEEDS]
        if data and has_token(self.login, process.user):
            yield _may("rds-db:connect", *dict.fromkeys(data))
        groups = [self._group_arn(need) for need in process.data if need not in DATABASE_NEEDS]
        if groups and self.login == IAM:
            user = self._arn("elasticache", "user", valkey_user(self.stage))
            yield _may("elasticache:Connect", *dict.fromkeys(groups), user)
        if passwords := self._passwords(process):
            yield _may("secretsmanager:GetSecretValue", *map(self._secret_arn, passwords))

    def place(self, process: Workload) -> Mapping[str, list[str]] | None:
        """`subnets` and `groups` by id; None outside of all networks of ours."""
        if process.isolated:
            return {
                "subnets": published_list(self.stack, self.addresses.strangers_subnets),
                "groups": [published(self.stack, self.addresses.group(STRANGERS))],
            }
        subnets = self.addresses.subnets_of(process.needs)
        if subnets is None:
            return None
        groups = self.addresses.groups_of(process.needs)
        return {
            "subnets": published_list(self.stack, subnets),
            "groups": [published(self.stack, group) for group in groups],
        }

    def in_force(self, process: Workload) -> str | None:
        """What changes when that changes which CloudFormation put in: the template stays the same,
        and a version of a function is published anew by its description alone.
        """
        parts = [self.version(name) for name in sorted(process.told)]
        if process.user and len(parts) * VERSION_ID + 64 < MOST_DESCRIBED:
            host = published(self.stack, self._host(Need.WRITER, process))
            parts.append(cdk.Fn.select(0, cdk.Fn.split(".", host)))
        return cdk.Fn.join(" ", parts) if parts else None

    def function_arn(self, name: str) -> str:
        """By the alias: a version or the code as it was last written may nobody call."""
        return self._arn("lambda", "function", f"waddlebot-{self.stage}-{name}:{LIVE}")

    def _url(self, need: Need, process: Workload) -> str:
        if need in DATABASE_NEEDS:
            host = published(self.stack, self._host(need, process))
            by_password = database_password(process.user)
            entered = f"{DATABASE}?{self._login(process.user, by_password)}"
            if not self._is_pooled(need, process):
                entered += "&prepare=1"
            return f"postgresql://{process.user}@{host}:5432/{entered}"
        group, user = self.profile.valkey_of(need), valkey_user(self.stage)
        host = published(self.stack, self.addresses.valkey_host(need))
        name = published(self.stack, self.addresses.valkey_name(need))
        entered = f"{self._login(user, VALKEY_PASSWORD)}&name={name}"
        if group.clustered:
            entered += "&cluster=1"
        return f"rediss://{user}@{host}:6379/{group.serves[need]}?{entered}"

    def _is_pooled(self, need: Need, process: Workload) -> bool:
        """A proxy pins a session whose plans are kept to one connection (docs/decisions/0118)."""
        return self.profile.database.proxy and need is Need.WRITER and not process.direct

    def _login(self, user: str, password: str) -> str:
        if has_token(self.login, user):
            return "login=iam"
        return f"login=secret&password={self._secret(password)}"

    def _passwords(self, process: Workload) -> list[str]:
        """By variable: those that it enters with, or makes users with."""
        if self.login == IAM:
            return []
        made = database_passwords(self.login)
        found = list(made) if process.is_master else []
        if process.user in made.values():
            found.append(database_password(process.user))
        if any(need not in DATABASE_NEEDS for need in process.data):
            found.append(VALKEY_PASSWORD)
        return found

    def _host(self, need: Need, process: Workload) -> str:
        if need is Need.REPLICA:
            return self.addresses.replica(self.profile, process.name)
        return self.addresses.database_direct if process.direct else self.addresses.database

    def _entered(self, need: Need, process: Workload) -> str:
        """The one user of the one server, as `rds-db:connect` names it."""
        if need is Need.REPLICA:
            address = self.addresses.replica_resource(self.profile, process.name)
        elif process.direct:
            address = self.addresses.database_direct_resource
        else:
            address = self.addresses.database_resource
        resource = published(self.stack, address)
        return self._arn("rds-db", "dbuser", f"{resource}/{process.user}")

    def _group_arn(self, need: Need) -> str:
        name = published(self.stack, self.addresses.valkey_name(need))
        return self._arn("elasticache", "replicationgroup", name)

    def _objects(self, under: str) -> str:
        bucket = self.media_bucket
        return str(cdk.Fn.join("", ["arn:", cdk.Aws.PARTITION, f":s3:::{bucket}/{under}*"]))

    def _master_secret(self) -> str:
        return published(self.stack, self.addresses.master_secret)

    def _secret(self, name: str) -> str:
        return secret_name(self.stage, name)

    def _secret_arn(self, name: str) -> str:
        """AWS ends the names of secrets with six letters of its own."""
        return self._arn("secretsmanager", "secret", f"{self._secret(name)}-??????")

    def version(self, name: str) -> str:
        """Which version is in force; whoever writes a secret writes it there."""
        return published(self.stack, version_parameter(self.stage, name))

    def _resolved(self, name: str) -> str:
        at = f"{self._secret(name)}:SecretString:::{self.version(name)}"
        return f"{{{{resolve:secretsmanager:{at}}}}}"

    def _arn(self, service: str, resource: str, name: str) -> str:
        arn = self.stack.format_arn(
            service=service,
            resource=resource,
            resource_name=name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        return str(arn)


def _may(action: str, *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[action], resources=list(resources))
