"""What a stand-in answers the graph with; a wrong answer would only show in a stack's own words."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.rehearsal.shim import (
    ATTRIBUTES,
    MOST_IDLE,
    SECRET,
    add_to,
    empty_where_nothing_is_told,
    end_what_is_old,
    know_the_region,
    opened_by_sockets,
    steer,
    unpack_layers_once,
    writing_here,
)

SERVER = {"host": "127.0.0.7", "port": "5432", "id": "db-1", "secret": "the master's"}


def test_every_missing_type_is_created_changed_and_deleted_under_one_name() -> None:
    handlers: dict[str, Any] = {}
    assert set(add_to(handlers)) == ATTRIBUTES.keys()
    for kind, handler in handlers.items():
        name, told = handler["create"]("Logical", {}, "stack")
        assert name.startswith(kind.rpartition("::")[2].lower())
        assert handler["update"](name, {}, {}, "stack", logical_id="Logical") == (name, told)
        assert handler["delete"](name, {}) is None


def test_two_of_a_type_are_two() -> None:
    handlers: dict[str, Any] = {}
    add_to(handlers)
    create = handlers["AWS::EC2::EIP"]["create"]
    assert create("A", {}, "stack")[0] != create("B", {}, "stack")[0]


def test_what_the_emulator_knows_stays_its_own() -> None:
    own = {"create": lambda *_: ("its own", {})}
    handlers: dict[str, Any] = {"AWS::EC2::EIP": own}
    assert "AWS::EC2::EIP" not in add_to(handlers)
    assert handlers["AWS::EC2::EIP"] is own


def test_a_condition_knows_where_it_is() -> None:
    """MiniStack took the name of the region for its value: none was where it is."""

    class Formation:
        @staticmethod
        def _evaluate_conditions(_template: object, params: Any) -> Any:
            return params

    know_the_region([Formation])
    told = Formation._evaluate_conditions({}, {"Stage": {"Value": "dev"}})
    assert told == {"Stage": {"Value": "dev"}, "AWS::Region": {"Value": "us-east-1"}}


@pytest.mark.parametrize("verb", ["create", "update"])
def test_a_database_is_found_at_the_server_of_this_machine(verb: str) -> None:
    plain = {"Endpoint.Address": "nowhere.rds.amazonaws.com", "DBInstanceArn": "arn"}
    kept: list[dict[str, str]] = []
    handlers: dict[str, Any] = {
        "AWS::RDS::DBInstance": {
            "create": lambda *_: ("db", plain),
            "update": lambda *_, **__: ("db", plain),
            "delete": lambda *_: None,
        },
        SECRET: {"create": lambda _id, props, *_: kept.append(props) or ("", {"Arn": "arn:1"})},
    }
    steer(handlers, {"AWS::RDS::DBInstance": SERVER})
    handler = handlers["AWS::RDS::DBInstance"]
    name, told = handler["create"]("Writer", {}, "stack")
    if verb == "update":
        name, told = handler["update"]("db", {}, {}, "stack")
    assert name == "db"
    assert kept == [{"Name": "rds!db-1", "SecretString": "the master's"}]
    assert told["Endpoint.Address"] == "127.0.0.7"
    assert told["MasterUserSecret.SecretArn"] == "arn:1"
    assert told["DBInstanceArn"] == "arn"


def test_who_writes_to_sockets_finds_them_on_this_machine() -> None:
    told: list[dict[str, Any]] = []
    plain: dict[str, Any] = {
        "create": lambda _id, props, *_: told.append(props) or ("push", {}),
        "update": lambda _id, _old, new, *_, **__: told.append(new) or ("push", {}),
    }
    handler = writing_here(plain, "http://127.0.0.1:4566")
    at = "https://a1b2c3d4.execute-api.us-east-1.amazonaws.com/live"
    props = {"Environment": {"Variables": {"AT": at, "OTHER": f"see {at}"}}, "Timeout": 3}

    handler["create"]("Push", props, "stack")
    handler["update"]("push", {}, props, "stack", logical_id="Push")
    handler["create"]("Plain", {"Timeout": 3}, "stack")

    here = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3d4/live"
    steered = {"Environment": {"Variables": {"AT": here, "OTHER": f"see {at}"}}, "Timeout": 3}
    assert told == [steered, steered, {"Timeout": 3}]


def test_an_api_of_sockets_is_opened_by_sockets_and_another_is_not() -> None:
    def known(*_: Any, **__: Any) -> tuple[str, dict[str, str]]:
        return "a1", {"ApiEndpoint": "http://a1.execute-api.localhost:4566"}

    handler = opened_by_sockets({"create": known, "update": known})
    sockets, plain = {"ProtocolType": "WEBSOCKET"}, {"ProtocolType": "HTTP"}

    at = "://a1.execute-api.localhost:4566"
    assert handler["create"]("A", sockets, "stack")[1] == {"ApiEndpoint": f"ws{at}"}
    assert handler["update"]("a1", sockets, sockets, "stack")[1] == {"ApiEndpoint": f"ws{at}"}
    assert handler["create"]("A", plain, "stack")[1] == {"ApiEndpoint": f"http{at}"}


def test_a_secret_without_a_value_has_no_version() -> None:
    secrets: dict[str, Any] = {}

    def create(_logical_id: str, props: dict[str, str], *_: object) -> tuple[str, dict[str, Any]]:
        secrets[props["Name"]] = {"Versions": {"1": props.get("SecretString", "")}}
        return props["Name"], {}

    handler = empty_where_nothing_is_told({"create": create}, secrets)
    handler["create"]("One", {"Name": "empty"}, "stack")
    handler["create"]("Two", {"Name": "told", "SecretString": "honk"}, "stack")
    assert secrets == {"empty": {"Versions": {}}, "told": {"Versions": {"1": "honk"}}}


def test_layers_are_unpacked_once_and_functions_each_for_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "extractall", zipfile.ZipFile.extractall)
    unpack_layers_once(tmp_path / "kept")
    for worker in ("one", "two"):
        for name in ("layer_0", "code"):
            archive = tmp_path / worker / f"{name}.zip"
            archive.parent.mkdir(exist_ok=True)
            with zipfile.ZipFile(archive, "w") as made:
                # With a time of its own: the same layer is the same bytes, whenever it is written.
                made.writestr(zipfile.ZipInfo("python/waddle.py"), "HONK = 1")
            target = tmp_path / worker / name
            target.mkdir()
            with zipfile.ZipFile(archive) as made:
                made.extractall(str(target))
            assert (target / "python" / "waddle.py").read_text() == "HONK = 1"
    first, second = (tmp_path / worker for worker in ("one", "two"))
    assert (first / "layer_0/python").resolve() == (second / "layer_0/python").resolve()
    assert (first / "code/python").resolve() != (second / "code/python").resolve()


def test_processes_of_an_old_version_end_when_the_new_one_begins_and_those_at_work_do_not() -> None:
    class Process:
        def __init__(self, *, in_use: bool, last_used: float = 0.0) -> None:
            self.in_use = in_use
            self.last_used = last_used

    idle, works, others = Process(in_use=False), Process(in_use=True), Process(in_use=False)

    class Runtime:
        _lock = threading.Lock()
        _workers = {"1:r:router:1": [idle, works], "1:r:roll:1": [others]}  # noqa: RUF012
        ended: list[Process] = []  # noqa: RUF012

        @classmethod
        def kill_workers(cls, those: list[Process]) -> None:
            cls.ended += those

        @classmethod
        def acquire_worker(cls, name: str, version: str) -> tuple[Process, str]:
            pool = cls._workers.setdefault(f"1:r:{name}:{version}", [])
            free = next((one for one in pool if not one.in_use), None)
            if free:
                return free, "reused"
            pool.append(Process(in_use=True))
            return pool[-1], "spawn"

    end_what_is_old(Runtime, [])
    assert Runtime.acquire_worker("router", "1") == (idle, "reused")
    new, how = Runtime.acquire_worker("router", "2")
    assert how == "spawn"
    assert Runtime.ended == [idle]
    pools = {"1:r:router:1": [works], "1:r:router:2": [new], "1:r:roll:1": [others]}
    assert Runtime._workers == pools
    waiting = [Process(in_use=False, last_used=9.0 - number) for number in range(MOST_IDLE)]
    Runtime._workers["1:r:waits:1"] = list(waiting)
    Runtime.acquire_worker("rolls", "1")
    assert Runtime.ended == [idle, others]
    assert Runtime._workers["1:r:waits:1"] == waiting
