"""A database whose disk is really full is away, and goes on when there is room again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from functions.operations import handler as operations
from tests.failover.conftest import Own
from tests.helpers.aws_context import AwsContext
from tests.helpers.patience import eventually
from waddlebot.domain.errors import Full
from waddlebot.stores.postgres import Postgres

MEBIBYTE = 1 << 20
ROOM_BYTES = 16 * MEBIBYTE

pytestmark = [
    pytest.mark.xdist_group("servers of their own"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallDisk:
    """All tables of the primary lie on it."""

    folder: Path

    @contextmanager
    def full(self) -> Iterator[None]:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        try:
            yield
        finally:
            filler.unlink()


@pytest.fixture
def disk(own: Own) -> Iterator[SmallDisk]:
    data = Path(psutil.Process(own.pid("postgres")).cwd())
    base, kept = data / "base", data / "base.kept"
    own.plane.stop_one("postgres")
    owner = base.stat()
    used = sum(file.stat().st_size for file in base.rglob("*") if file.is_file())
    base.rename(kept)
    base.mkdir()
    options = f"size={used + ROOM_BYTES},uid={owner.st_uid},gid={owner.st_gid},mode=0700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(base)],  # noqa: S607
        check=False,
        capture_output=True,
    )
    try:
        if mounted.returncode:
            base.rmdir()
            kept.rename(base)
            own.plane.start_one("postgres")
            pytest.skip("this root may not mount")
        subprocess.run(["cp", "-a", f"{kept}/.", str(base)], check=True)  # noqa: S607
        own.plane.start_one("postgres")
        yield SmallDisk(folder=base)
        own.plane.stop_one("postgres")
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", str(base)], check=True)  # noqa: S607
            shutil.rmtree(kept)


def health(own: Own, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, url in own.urls.items():
        monkeypatch.setenv(name, url)
    operations.found_health.cache_clear()  # what was found a second ago
    told = operations.handler({"routeKey": "GET /health"}, AwsContext())
    servers: dict[str, str] = json.loads(told["body"])["servers"]
    return servers


def test_a_database_whose_disk_is_full_is_away_until_there_is_room(
    own: Own, disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Postgres(own.urls["DATABASE_URL"], name="tests")
    grow = "INSERT INTO hoard SELECT repeat('x', 1000) FROM generate_series(1, 1000)"
    database.write("CREATE TABLE hoard (thing text)")
    assert health(own, monkeypatch)["writer"] == "answers"

    with disk.full():
        with pytest.raises(Full, match="the database has no room left"):
            database.write(grow)
        assert health(own, monkeypatch)["writer"] == "has no room left"

    assert eventually(lambda: health(own, monkeypatch)["writer"] == "answers")
    database.write(grow)
    database.close()
    with psycopg.connect(own.urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM hoard").fetchone() == (1000,)
