"""Each failure of the first minute has a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.plane import DataPlane, PlaneFailed, forget
from local.plane.ground import prepare_ground
from local.plane.household import Household
from local.plane.keys import load_dev_env
from local.plane.processes import Launcher
from local.plane.programs import Programs, find_programs, within_reach
from local.plane.valkey import Valkey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Sql = Callable[[str, str], list[tuple[Any, ...]]]

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has what this tries")
NO_POSTGRES = {"DATABASE_URL": "postgresql://their.example/waddlebot"}
STREAMS_ALONE = {
    **NO_POSTGRES,
    "VALKEY_CACHE_URL": "redis://their.example",
    "VALKEY_LIMITS_URL": "redis://their.example",
}


def quiet(part: str, seconds: float, words: str) -> None:
    del part, seconds, words


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "plane").mkdir()
    yield tmp_path
    forget(tmp_path)


def test_a_folder_that_cannot_be_written() -> None:
    with pytest.raises(PlaneFailed, match=r"/sys/.* cannot be written .* set WADDLEBOT_HOME"):
        DataPlane(Path("/sys/waddlebot"), {}, quiet).start()


@pytest.fixture
def full_disk() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="plane-"))
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "none", str(place)]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        place.rmdir()
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["/bin/umount", str(place)], check=True)
    place.rmdir()


@only_root
def test_a_full_disk(full_disk: Path) -> None:
    with pytest.raises(PlaneFailed, match=r"The disk is full: \d+ MB free at .* Make room"):
        DataPlane(full_disk, {}, quiet).start()


def test_a_program_for_another_machine(home: Path) -> None:
    program = home / "valkey-server"
    program.write_bytes(b"\x7fELF of somewhere else")
    program.chmod(0o755)
    ground = prepare_ground(home)
    programs = Programs(postgres=find_programs().postgres, valkey=program)
    launcher = Launcher(ground.account)
    household = Household(
        ground=ground,
        programs=within_reach(programs, ground),
        launcher=launcher,
        keys=load_dev_env(home, {}),
    )
    cache = Valkey("cache", household, 0)
    cache.launch()
    with pytest.raises(PlaneFailed, match=r"(?s)does not run on this machine .* Exec format error"):
        cache.wait()
    launcher.close()


def test_a_server_that_ends_while_starting_is_quoted_and_leaves_nothing(
    home: Path,
) -> None:
    plane = DataPlane(home, STREAMS_ALONE, quiet)
    plane.start()
    plane.stop()
    data = prepare_ground(home).data
    [base] = (data / "streams/appendonlydir").glob("*.base.rdb")
    base.write_bytes(b"damaged")
    with pytest.raises(PlaneFailed, match=r"streams ended while starting .*\n.*\n"):
        plane.start()
    assert plane.pids() == {}
    plane = DataPlane(home, STREAMS_ALONE | {"VALKEY_STREAMS_URL": "redis://their.example"}, quiet)
    plane.start()  # the home is free again
    plane.stop()


@only_root
def test_data_lies_elsewhere_when_the_servers_cannot_reach_the_home(home: Path, sql: Sql) -> None:
    plane = DataPlane(home, {}, quiet)
    try:
        modes = [folder.stat().st_mode for folder in home.parents]
        for _ in range(2):
            urls = plane.start()
            sql(urls["DATABASE_URL"], "CREATE TABLE IF NOT EXISTS kept ()")
            plane.stop()
        assert [folder.stat().st_mode for folder in home.parents] == modes
        assert (prepare_ground(home).data / "postgres/PG_VERSION").exists()
    finally:
        plane.stop()


@only_root
def test_programs_in_a_closed_folder_are_copied_to_where_they_may_run(
    home: Path,
) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    ours = find_programs()
    shutil.copytree(ours.postgres / "bin", closed / "pginstall/bin")
    shutil.copy2(ours.valkey, closed)
    programs = Programs(postgres=closed / "pginstall", valkey=closed / "valkey-server")
    ground = prepare_ground(home)
    for _ in range(2):
        reachable = within_reach(programs, ground)
        for program in (reachable.postgres_tool("postgres"), reachable.valkey):
            command = [str(program), "--version"]
            done = subprocess.run(
                command,
                user="nobody",
                group="nogroup",
                extra_groups=[],
                check=True,
                cwd="/",
                capture_output=True,
            )
            assert done.stdout
    assert closed.stat().st_mode & 0o777 == 0o700


def test_forgetting_leaves_keys_and_logs(home: Path) -> None:
    plane = DataPlane(home, STREAMS_ALONE, quiet)
    plane.start()
    with pytest.raises(PlaneFailed, match="already running"):
        forget(home)
    plane.stop()
    forget(home)
    assert {path.name for path in home.iterdir()} == {"dev.env", "logs"}


@only_root
def test_a_home_that_was_moved_does_not_lose_its_data_unsaid(home: Path) -> None:
    plane = DataPlane(home / "old", STREAMS_ALONE, quiet)
    plane.start()
    plane.stop()
    try:
        shutil.copytree(home / "old", home / "new")
        with pytest.raises(PlaneFailed, match=r"was moved or copied here.* To keep it: mv /var"):
            DataPlane(home / "new", STREAMS_ALONE, quiet).start()
    finally:
        forget(home / "old")
