"""What a stand-in answers the graph with; a wrong answer would only show in a stack's own words."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.rehearsal.shim import ATTRIBUTES, add_to, steer, unpack_layers_once

SERVER = {"host": "127.0.0.7", "port": "5432", "id": "db-1", "secret": "arn:of:the:master"}


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


@pytest.mark.parametrize("verb", ["create", "update"])
def test_a_database_is_found_at_the_server_of_this_machine(verb: str) -> None:
    plain = {"Endpoint.Address": "nowhere.rds.amazonaws.com", "DBInstanceArn": "arn"}
    handlers: dict[str, Any] = {
        "AWS::RDS::DBInstance": {
            "create": lambda *_: ("db", plain),
            "update": lambda *_, **__: ("db", plain),
            "delete": lambda *_: None,
        }
    }
    steer(handlers, {"AWS::RDS::DBInstance": SERVER})
    handler = handlers["AWS::RDS::DBInstance"]
    arguments = ("Writer", {}, "stack") if verb == "create" else ("db", {}, {}, "stack")
    name, told = handler[verb](*arguments)
    assert name == "db"
    assert told["Endpoint.Address"] == "127.0.0.7"
    assert told["MasterUserSecret.SecretArn"] == "arn:of:the:master"
    assert told["DBInstanceArn"] == "arn"


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
                made.writestr("python/waddle.py", "HONK = 1")
            target = tmp_path / worker / name
            target.mkdir()
            with zipfile.ZipFile(archive) as made:
                made.extractall(str(target))
            assert (target / "python" / "waddle.py").read_text() == "HONK = 1"
    first, second = (tmp_path / worker for worker in ("one", "two"))
    assert (first / "layer_0/python").resolve() == (second / "layer_0/python").resolve()
    assert (first / "code/python").resolve() != (second / "code/python").resolve()
