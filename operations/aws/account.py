"""The way to AWS: whose account, which region, and a sentence for every failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from operations.api import NotDone
from waddlebot.runtime.environment import Environment

if TYPE_CHECKING:
    from boto3.session import Session

PACKAGES = "The packages for AWS are not here yet: make set-up-deploy"
NO_CREDENTIALS = (
    "AWS does not know who you are: there are no credentials here. Sign in with `aws sso login` "
    "and name the profile (AWS_PROFILE=…), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)
REGION = "AWS_REGION"
"""As AWS's own command line and the CDK have it. boto3 reads `AWS_DEFAULT_REGION` alone, and then
the profile's: it would look in one region for what the CDK deploys to another."""
NO_REGION = "Which region? Set AWS_REGION, for example AWS_REGION=eu-central-1."
ENDED = frozenset(
    {
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"),
        *("UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure"),
    }
)
OF_ANOTHER_TIME = frozenset({"SignatureDoesNotMatch", "InvalidSignatureException"})
MAY_NOT = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAccount:
    """`partition` is `aws`, but where AWS is kept apart: `aws-cn`, `aws-us-gov`."""

    number: str
    region: str
    partition: str

    @property
    def words(self) -> str:
        return f"account {self.number}, {self.region}"


@contextmanager
def in_words() -> Iterator[None]:
    """What boto3 raises in here is raised as NotDone."""
    try:
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            CredentialRetrievalError,
            EndpointConnectionError,
            NoCredentialsError,
            NoRegionError,
            ProfileNotFound,
            SSOError,
            TokenRetrievalError,
        )
    except ModuleNotFoundError as missing:
        raise NotDone(PACKAGES) from missing
    try:
        yield
    except NoCredentialsError as error:
        raise NotDone(NO_CREDENTIALS) from error
    except NoRegionError as error:
        raise NotDone(NO_REGION) from error
    except ProfileNotFound as error:
        raise NotDone(f"{error}. `aws configure list-profiles` names yours.") from error
    except EndpointConnectionError as error:
        raise NotDone(f"AWS is not reached: {error} Is the network there?") from error
    except ClientError as error:
        raise NotDone(_refusal(error.response["Error"], error.operation_name)) from error
    except (SSOError, TokenRetrievalError, CredentialRetrievalError) as error:
        again = "Your sign-in has ended: aws sso login, then type the same once more."
        raise NotDone(f"{again} ({error})") from error
    except BotoCoreError as error:
        raise NotDone(f"AWS was not asked: {error}") from error


def open_session() -> Session:
    """Raises NotDone, before anything is asked, where no region or no credentials are known."""
    with in_words():
        from boto3.session import Session

        session = Session(region_name=Environment.of_process().find(REGION, "") or None)
        if session.get_credentials() is None:
            raise NotDone(NO_CREDENTIALS)
        if not session.region_name:
            raise NotDone(NO_REGION)
        return session


def find_account(session: Session) -> AwsAccount:
    """Asks AWS. Raises NotDone."""
    with in_words():
        told = session.client("sts").get_caller_identity()
    return AwsAccount(
        number=told["Account"],
        region=session.region_name or "",
        partition=told["Arn"].split(":")[1],
    )


def find_parameter(name: str, session: Session, region: str | None = None) -> str:
    """Its value in SSM, of the session's region or another; empty where there is none.

    Raises NotDone.
    """
    with in_words():
        client = session.client("ssm", region_name=region)
        try:
            return str(client.get_parameter(Name=name)["Parameter"]["Value"])
        except client.exceptions.ParameterNotFound:
            return ""


def _refusal(error: object, operation: str) -> str:
    code, message = ("", "") if not isinstance(error, dict) else (error["Code"], error["Message"])
    if code in ENDED:
        return (
            "AWS does not take your credentials: they have ended or are not right. Sign in again "
            "with `aws sso login`, or set new keys, and type the same once more."
        )
    if code in OF_ANOTHER_TIME:
        return f"AWS does not take your signature: is this machine's clock right? ({message})"
    if code in MAY_NOT:
        return f"You may not do that on AWS ({operation}): {message}"
    return f"AWS refused {operation}: {message or code}"
