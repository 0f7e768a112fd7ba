"""What is zipped for a function: its own folders and the package markers, nothing else."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from functions.assets import asset_files
from functions.declaration import Function


def stage(function: Function, root: Path, *, extra: Mapping[str, object]) -> tuple[Path, str]:
    """The folder to zip and a hash of its bytes, so that only a changed function is deployed.

    `extra` are JSON files that the function reads beside its code, by path.
    """
    target = root / "build" / "functions" / function.name
    shutil.rmtree(target, ignore_errors=True)
    digest = hashlib.sha256()
    for path, content in sorted(_contents(function, root, extra).items()):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return target, digest.hexdigest()


def _contents(function: Function, root: Path, extra: Mapping[str, object]) -> dict[str, bytes]:
    files = {str(path): (root / path).read_bytes() for path in asset_files(function, root)}
    written = {path: json.dumps(value, sort_keys=True).encode() for path, value in extra.items()}
    return {**files, **written}
