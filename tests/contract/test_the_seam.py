"""Whatever a function asks of somebody else's server goes through waddlebot/outside."""

import re

import pytest

from functions.catalogue import all_functions
from functions.declaration import Function
from tests.contract.imports import ROOT, files_behind, imports_of
from waddlebot.runtime.needs import Outside

SHARED = ROOT / "layers" / "shared" / "python" / "waddlebot"
REACHES_OUT = frozenset({"http.client", "socket", "ssl", "urllib.request", "ftplib", "smtplib"})
OTHERS = {
    SHARED / "runtime" / "invoke.py": "calls Lambda's own API, at one fixed host",
    SHARED / "runtime" / "credentials.py": "asks the machine for its AWS keys",
    SHARED / "runtime" / "socket_writer.py": "calls API Gateway's own API, at one fixed host",
    SHARED / "runtime" / "platform_calls.py": "an operator's verb, in no function",
    ROOT / "functions/asking/slack_handler.py": "Slack's own library, at Slack's fixed host",
    ROOT / "functions/identity/slack_installing.py": "Slack's own library, at Slack's fixed host",
}
OUTSIDE = re.compile(r"\b((waddlebot|resources)\.outside|slack_sdk)\b")
FILES = sorted(
    file
    for folder in (ROOT / "functions", SHARED)
    for file in folder.rglob("*.py")
    if SHARED / "outside" not in file.parents
)


def test_nobody_beside_the_seam_opens_a_connection_to_the_outside() -> None:
    found = {file for file in FILES if REACHES_OUT & set(imports_of(file))}
    assert found == {*OTHERS}, "go through waddlebot/outside, or say here why not"


def _reaches_out(row: Function) -> bool:
    """By import, or as one of its resources."""
    behind = files_behind(row.handler.rpartition(".")[0])
    return any(OUTSIDE.search((ROOT / file).read_text()) for file in behind)


@pytest.mark.parametrize("row", all_functions(), ids=lambda row: row.name)
def test_a_function_that_reaches_out_says_so_and_no_other(row: Function) -> None:
    assert any(isinstance(need, Outside) for need in row.needs) == _reaches_out(row)
