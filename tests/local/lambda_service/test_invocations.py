"""What callers of the Invoke API get, whatever the function does."""

from __future__ import annotations

import base64
import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from running_functions import FUNCTIONS, Client, Running, Start, a_function

from tests.helpers.patience import was_within

SIX_MB = 6 * 1024 * 1024


def test_an_event_comes_back_as_it_was_sent(client: Client) -> None:
    event = {"text": "Waddle on! 🐧 ünïcödé \u2028", "numbers": [1, 2.5, -3e10], "none": None}

    answer = client.invoke("echo", event)

    assert answer.status == 200
    assert not answer.is_error
    assert answer.json == event
    assert answer.headers["x-amz-executed-version"] == "$LATEST"


def test_a_function_sees_its_own_name_time_and_folder(client: Client) -> None:
    seen = client.invoke("who_am_i").json

    assert seen["name"] == "who_am_i"
    assert seen["arn"].endswith(":function:who_am_i")
    assert 4000 < seen["remaining_ms"] <= 5000
    assert seen["directory"] == str(FUNCTIONS)


def test_six_megabytes_go_in(client: Client) -> None:
    assert client.invoke("length", "x" * (SIX_MB - 2)).json == SIX_MB - 2


def test_six_megabytes_come_out(client: Client) -> None:
    assert len(client.invoke("much", SIX_MB - 2).body) == SIX_MB


def test_more_than_six_megabytes_are_refused_on_the_way_in(client: Client) -> None:
    answer = client.invoke("length", "x" * SIX_MB)

    assert answer.status == 413
    assert answer.headers["x-amzn-errortype"] == "RequestTooLargeException"
    assert client.invoke("length", "abc").json == 3


def test_more_than_six_megabytes_fail_on_the_way_out_and_the_next_call_is_served(
    client: Client,
) -> None:
    answer = client.invoke("much", SIX_MB + 200)

    assert answer.is_error
    assert answer.json["errorType"] == "Function.ResponseSizeTooLarge"
    assert client.invoke("much", 3).json == "xxx"


def test_an_exception_comes_with_its_type_text_and_trace(client: Client) -> None:
    answer = client.invoke("fail")

    assert (answer.status, answer.is_error) == (200, True)
    assert answer.json["errorType"] == "ValueError"
    assert answer.json["errorMessage"] == "the kettle is empty: ünïcödé"
    assert "in fail" in answer.json["stackTrace"][0]


@pytest.mark.parametrize(
    ("function", "status", "reason"),
    [
        ("leave", 3, "with error: exit status 3"),
        ("leave", "said why", "with error: exit status 1"),
        ("leave", 0, "without providing a reason"),
        ("leave_at_once", 4, "with error: exit status 4"),
        ("kill_itself", None, "with error: signal: segmentation fault"),
    ],
)
def test_a_process_that_ends_fails_its_call_alone(
    client: Client, function: str, status: Any, reason: str
) -> None:
    answer = client.invoke(function, status)

    assert answer.is_error
    request_id = answer.headers["x-amzn-requestid"]
    assert answer.json == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {request_id} Error: Runtime exited {reason}",
    }
    assert client.invoke("echo", "still here").json == "still here"


def test_bytes_come_out_as_they_are(client: Client) -> None:
    assert client.invoke("raw").body == b"\x00\xff raw"


def test_not_a_number_is_written_as_python_does(client: Client) -> None:
    assert client.invoke("not_a_number").body == b"NaN"


def test_decimals_keep_their_digits(client: Client) -> None:
    assert client.invoke("money").body == b"12.30"


def test_a_result_that_is_no_json_is_the_functions_error(client: Client) -> None:
    assert client.invoke("not_json").json["errorType"] == "Runtime.MarshalError"


def test_a_missing_handler_is_named(client: Client) -> None:
    answer = client.invoke("missing")

    assert answer.is_error
    assert answer.json["errorType"] == "Runtime.HandlerNotFound"
    assert "Handler 'missing' missing on module 'samples'" in answer.json["errorMessage"]


@pytest.mark.parametrize(
    ("source", "error_type", "message"),
    [
        ("import no_such_package", "Runtime.ImportModuleError", "no_such_package"),
        ("def handler(:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'broken'"),
        ("1 / 0", "ZeroDivisionError", "division by zero"),
        ("import os; os._exit(7)", "Runtime.ExitError", "exit status 7"),
    ],
)
def test_a_function_that_cannot_be_imported_says_why(
    start: Start, tmp_path: Path, source: str, error_type: str, message: str
) -> None:
    (tmp_path / "broken.py").write_text(source)
    broken = a_function("broken", handler="broken.handler", python_path=(tmp_path,))
    running = start(broken, warm_too(broken))

    answer = running.loop.run(running.service.invoke("broken", b"{}"))

    assert answer.function_error == "Unhandled"
    assert json.loads(answer.payload)["errorType"] == error_type
    assert message in json.loads(answer.payload)["errorMessage"]
    assert "INIT_REPORT" in running.log("broken")
    assert "Could not start broken-warm" in running.log("broken-warm")


def warm_too(function: Any) -> Any:
    return a_function(
        f"{function.name}-warm",
        handler=function.handler,
        python_path=function.python_path,
        warm=1,
    )


def test_a_function_is_stopped_at_its_timeout(client: Client) -> None:
    began = time.monotonic()

    answer = client.invoke("impatient", 10)

    assert was_within(2, began)
    assert answer.is_error
    assert answer.json["errorType"] == "Sandbox.Timedout"
    assert answer.json["errorMessage"].endswith("Error: Task timed out after 0.20 seconds")
    assert client.invoke("impatient", 0).json == "rested"


def test_a_timeout_also_ends_what_the_function_started(client: Client) -> None:
    answer = client.invoke("sleep_with_child", 30, X_Amz_Log_Type="Tail")

    said = base64.b64decode(answer.headers["x-amz-log-result"]).decode()
    child = int(said.partition("child ")[2].split()[0])
    assert is_gone(child)


def is_gone(pid: int) -> bool:
    until = time.monotonic() + 3
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


def test_the_client_context_reaches_the_function(client: Client) -> None:
    context = base64.b64encode(json.dumps({"custom": {"who": "aña"}}).encode()).decode()

    assert client.invoke("client_context", X_Amz_Client_Context=context).json == {"who": "aña"}


def test_the_log_tail_holds_what_was_said(client: Client, running: Running) -> None:
    answer = client.invoke("talk", X_Amz_Log_Type="Tail")

    request_id = answer.headers["x-amzn-requestid"]
    tail = base64.b64decode(answer.headers["x-amz-log-result"]).decode()
    assert tail.startswith(f"START RequestId: {request_id} Version: $LATEST\n")
    assert "printed plainly\n" in tail
    assert "complained\n" in tail
    assert f"\t{request_id}\tlogged properly\n" in tail
    assert f"END RequestId: {request_id}\nREPORT RequestId: {request_id}\tDuration: " in tail
    assert "Init Duration" in tail
    assert tail in running.log("talk")


def test_the_log_tail_is_the_last_four_kilobytes_and_the_file_has_all(
    client: Client, running: Running
) -> None:
    answer = client.invoke("chatter", 20_000, X_Amz_Log_Type="Tail")

    tail = base64.b64decode(answer.headers["x-amz-log-result"])
    assert len(tail) == 4096
    assert b"line 19999\nEND" in tail
    assert all(f"line {number}\n" in running.log("chatter") for number in (0, 10_000, 19_999))


def test_a_worker_that_was_terminated_while_idle_is_replaced(client: Client) -> None:
    first = client.invoke("who_am_i").json["pid"]

    os.kill(first, signal.SIGTERM)
    _wait_until_gone(first)
    answer = client.invoke("who_am_i")

    assert not answer.is_error
    assert answer.json["pid"] != first


def _wait_until_gone(pid: int) -> None:
    """A signal takes its time on a busy machine."""
    end = time.monotonic() + 5
    while psutil.pid_exists(pid) and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.05)  # and so does the news of it


def test_an_idle_worker_is_used_again(client: Client) -> None:
    assert client.invoke("who_am_i").json["pid"] == client.invoke("who_am_i").json["pid"]


def test_a_thousand_calls_one_after_another_take_well_under_three_seconds(client: Client) -> None:
    client.invoke("echo")
    began = time.monotonic()

    for number in range(1000):
        assert client.invoke("echo", number).json == number

    # A few hundred milliseconds on a quiet machine.
    assert was_within(3, began)


def test_two_calls_at_once_run_in_two_processes(running: Running) -> None:
    began = time.monotonic()

    answers = at_once(running, "sleep", 0.4, count=2)

    assert [answer.json for answer in answers] == ["rested", "rested"]
    assert was_within(0.75, began)


def at_once(running: Running, name: str, payload: Any, *, count: int) -> list[Any]:
    answers: list[Any] = []

    def call() -> None:
        client = Client(running.service.url)
        answers.append(client.invoke(name, payload))
        client.close()

    threads = [threading.Thread(target=call) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_call_beyond_the_reserved_concurrency_is_refused(start: Start) -> None:
    running = start(a_function("sleep", concurrency=2))

    answers = at_once(running, "sleep", 0.3, count=3)

    assert sorted(answer.status for answer in answers) == [200, 200, 429]
    refused = next(answer for answer in answers if answer.status == 429)
    assert refused.headers["x-amzn-errortype"] == "TooManyRequestsException"
    assert refused.json["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"


def test_concurrency_one_serves_calls_one_after_another_without_refusing_any(start: Start) -> None:
    running = start(a_function("echo", concurrency=1))
    client = Client(running.service.url)

    assert [client.invoke("echo", number).status for number in range(200)] == [200] * 200
    client.close()


def test_a_caller_who_leaves_does_not_stop_the_function(running: Running) -> None:
    with pytest.raises(TimeoutError):
        running.loop.run(running.service.invoke("sleep", b"0.2", timeout_seconds=0.05))

    time.sleep(0.3)
    assert running.log("sleep").count("START") == running.log("sleep").count("REPORT")
