"""`waddlebot aws deploy|diff|destroy|bootstrap`: the CDK's pinned command line, with our words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from operations.api import ROOT, NotDone
from operations.aws.account import (
    REGION,
    AwsAccount,
    find_account,
    find_parameter,
    in_words,
    open_session,
)
from operations.aws.command_line import run_cdk
from operations.aws.domain import regions_of, remembered
from operations.aws.policies import FILES, keep_policy, must_have_boundary
from operations.aws.stacks import GIVEN_BACK, how_stacks_stand, stack_name, what_stays
from operations.speaking import is_sure
from waddlebot.domain.stages import (
    DEPLOYER,
    domain_parameter,
    is_smaller,
    moves_streams,
    profile_parameter,
    wrong_stage,
)

if TYPE_CHECKING:
    from boto3.session import Session

USUAL_PROFILE = "small"
BOOTSTRAPPED = "/cdk-bootstrap/hnb659fds/version"
"""What `cdk bootstrap` leaves in SSM."""
STOPPED = 130
"""As a shell has it for whatever Ctrl-C has ended."""
ADDRESS = "Address"
"""The output of the functions' stack."""
NEXT = """
WaddleBot {stage} is up{at}.

Read the operator's key once and keep it:
  export WADDLEBOT_API_KEY=$(.venv/bin/waddlebot aws key --stage {stage})
  export WADDLEBOT_URL={address}
Ask it:
  curl -s $WADDLEBOT_URL/api/router/process -H "Authorization: Bearer $WADDLEBOT_API_KEY" -d '
    {{"message_type": "chatMessage", "entity_id": "twitch:channel:waddlebot",
     "user_id": "123456", "message": "!help", "session_id": "sess_abc123"}}'
Then give it its platforms (docs/aws.md, Secrets):
  .venv/bin/waddlebot connect twitch --url {address} --stage {stage}
  .venv/bin/waddlebot aws secret list --stage {stage}"""


def arguments(verb: str, parser: argparse.ArgumentParser) -> None:
    if verb == "bootstrap":
        return
    parser.add_argument(
        "--profile", help=f"small, standard or large; else as it is, at first {USUAL_PROFILE}"
    )
    parser.add_argument(
        "-c", "--context", action="append", default=[], metavar="NAME=VALUE", help="as cdk has it"
    )
    if verb == "deploy":
        parser.add_argument("--drained", action="store_true", help="nothing waits in the streams")
    if verb == "destroy":
        parser.add_argument("--yes", action="store_true", help="without asking")


def carry_out(asked: argparse.Namespace) -> int:
    """Raises NotDone, before anything is begun where it can be known."""
    if problem := wrong_stage(asked.stage):
        raise NotDone(problem)
    session = open_session()
    account = find_account(session)
    print(f"{asked.verb} {asked.stage}: {account.words}", file=sys.stderr, flush=True)
    try:
        return _DOES[asked.verb](asked, session, account)
    except KeyboardInterrupt:
        print(f"\n{_stopped(asked, session)}", file=sys.stderr)
        return STOPPED


def _stopped(asked: argparse.Namespace, session: Session) -> str:
    """How it stands and goes on. Raises KeyboardInterrupt: stopped once more."""
    try:
        stacks = how_stacks_stand(asked.stage, session)
    except NotDone as unknown:
        stacks = f"How far it is, AWS does not say: {unknown}"
    if not stacks:
        return "Stopped here; no stack was begun. Run this again whenever you like."
    return (
        f"Stopped here. What CloudFormation has begun it ends by itself:\n{stacks}\n"
        f"When nothing goes on any more, go on with: make {asked.verb} stage={asked.stage}"
    )


def _bootstrap(asked: argparse.Namespace, session: Session, account: AwsAccount) -> int:
    with in_words():
        for name in FILES:
            print(keep_policy(name, session, account), file=sys.stderr)
    where = f"aws://{account.number}/{account.region}"
    _done(
        run_cdk(
            "bootstrap", where, "--custom-permissions-boundary", DEPLOYER, region=account.region
        ),
        "The account is not prepared",
        session,
    )
    print(f"Next: make deploy profile={USUAL_PROFILE} stage={asked.stage}")
    return 0


def _deploy(asked: argparse.Namespace, session: Session, account: AwsAccount) -> int:
    context = told_context(asked, session)
    _must_be_bootstrapped(context, session)
    _must_not_shrink(asked, session)
    _must_be_drained(asked, session)
    with in_words():
        must_have_boundary(session, account)
    outputs = ROOT / "build" / f"outputs-{asked.stage}.json"
    outputs.parent.mkdir(exist_ok=True)
    outputs.unlink(missing_ok=True)
    told = ["--require-approval", "never", "--progress", "events", "--outputs-file", str(outputs)]
    _done(
        run_cdk("deploy", "--all", *told, *context, region=account.region),
        "Not everything is deployed: what CloudFormation says stands above. A stack that failed is "
        "as it was before; those before it are new, and suit the old ones",
        session,
    )
    print(_next_steps(_address(outputs), asked.stage))
    print(f"\n{whom_alarms_call(asked)}")
    return 0


def _diff(asked: argparse.Namespace, session: Session, account: AwsAccount) -> int:
    context = told_context(asked, session)
    _must_be_bootstrapped(context, session)
    told = run_cdk("diff", "--all", *context, region=account.region)
    _done(told, "Nothing was compared", session)
    return 0


def _destroy(asked: argparse.Namespace, session: Session, account: AwsAccount) -> int:
    print(
        f"Functions, their addresses and gateways of {asked.stage} go. What stays, and costs: "
        "network, PostgreSQL, Valkey, secrets and keys; make deploy goes on with them. "
        "docs/aws.md says how to part with those too."
    )
    if not asked.yes and not is_sure(f"Destroy {asked.stage} in {account.words}?"):
        raise NotDone("Nothing was destroyed.")
    stacks = [stack_name(asked.stage, one) for one in GIVEN_BACK]
    told = run_cdk(
        "destroy", "--force", *stacks, *told_context(asked, session), region=account.region
    )
    _done(told, "Not all of it is gone", session)
    if stays := what_stays(asked.stage, session):
        print(
            f"\nThis stays, and each line under it parts with it for good ({account.words}; "
            f"docs/aws.md, Destroy, has the order):\n{stays}"
        )
    return 0


def told_context(asked: argparse.Namespace, session: Session) -> list[str]:
    """As `cdk` takes it. Raises NotDone."""
    profile = asked.profile or _find_profile(asked.stage, session) or USUAL_PROFILE
    before = remembered(asked.context, find_parameter(domain_parameter(asked.stage), session))
    given = [f"profile={profile}", f"stage={asked.stage}", *before, *asked.context]
    return [word for one in given for word in ("-c", one)]


def _find_profile(stage: str, session: Session) -> str:
    """As what it stands there; empty where nothing does. Raises NotDone."""
    return find_parameter(profile_parameter(stage), session)


def _must_not_shrink(asked: argparse.Namespace, session: Session) -> None:
    """Raises NotDone: what a smaller one has no place for would be deleted, or cannot be."""
    asked_for, there = _profile_asked_for(asked), _find_profile(asked.stage, session)
    if is_smaller(asked_for, there):
        raise NotDone(
            f"{asked.stage} is {there}, and a house does not shrink to {asked_for}: its replicas "
            "and what waits in its Valkeys would go, and RDS gives no storage back. Deploy it as "
            f"it is (make deploy stage={asked.stage}), or deploy a smaller one beside it and move "
            "(docs/aws.md, Another size)."
        )


def _must_be_drained(asked: argparse.Namespace, session: Session) -> None:
    """Raises NotDone: nobody reads the servers of before any more."""
    asked_for, there = _profile_asked_for(asked), _find_profile(asked.stage, session)
    if moves_streams(asked_for, there) and not asked.drained:
        raise NotDone(
            f"{asked.stage} is {there}, and {asked_for} has its streams on other servers: what "
            "waits in those of now would be answered by nobody. Choose a quiet hour, see that "
            "nothing waits and nothing is pending (waddlebot streams), and say so: make deploy "
            f"profile={asked_for} stage={asked.stage} drained=1"
        )


def whom_alarms_call(asked: argparse.Namespace) -> str:
    if mail := _told(asked).get("alarms"):
        return (
            f"Alarms call {mail}: AWS has written there, and calls nobody until the link in that "
            "letter was followed."
        )
    return (
        "Alarms call nobody. Say whom: make deploy "
        f'stage={asked.stage} context="alarms=ops@example.org"'
    )


def _profile_asked_for(asked: argparse.Namespace) -> str:
    """Empty where it stays what it is."""
    return _told(asked).get("profile", asked.profile) or ""


def _told(asked: argparse.Namespace) -> Mapping[str, str]:
    return dict(one.partition("=")[::2] for one in asked.context)


def _must_be_bootstrapped(context: Sequence[str], session: Session) -> None:
    """Raises NotDone: the CDK's own words for it name an SSM parameter."""
    home = session.region_name or ""
    for region in regions_of(context, home):
        if not find_parameter(BOOTSTRAPPED, session, region):
            there = "" if region == home else f"{REGION}={region} "
            raise NotDone(
                f"Nothing was ever deployed to {region} with the CDK. Prepare it "
                f"once: {there}make bootstrap"
            )


def _done(code: int, what: str, session: Session) -> None:
    """Raises NotDone; whose credentials have ended meanwhile is told that."""
    if not code:
        return
    try:
        find_account(session)
    except NotDone as why:
        raise NotDone(f"{what}. {why}") from why
    raise NotDone(f"{what}. See above, then run this again.")


def _address(outputs: Path) -> str:
    """Of the API; empty where no stack says one."""
    try:
        told: Mapping[str, Mapping[str, str]] = json.loads(outputs.read_text())
    except (OSError, ValueError):
        return ""
    return next((one[ADDRESS] for one in told.values() if ADDRESS in one), "")


def _next_steps(address: str, stage: str) -> str:
    return NEXT.format(
        at=f" at {address}" if address else "",
        address=address or "ADDRESS",
        stage=stage,
    )


_DOES: Mapping[str, Callable[[argparse.Namespace, Any, AwsAccount], int]] = {
    "bootstrap": _bootstrap,
    "deploy": _deploy,
    "diff": _diff,
    "destroy": _destroy,
}
