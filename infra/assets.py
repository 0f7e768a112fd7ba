"""What is zipped: a function's own folders, a layer's packages; the same files, the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from functions.assets import asset_files, is_shipped
from functions.declaration import Function


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """`content` is a hash of names and bytes, so that only what changed is deployed.

    The CDK's own hash is not used: it takes in more than the bytes.
    """

    folder: Path
    content: str


def function_asset(function: Function, root: Path, *, beside: Mapping[str, object]) -> Asset:
    """`beside` are JSON files that the function reads beside its code, by path."""
    files = {str(path): (root / path).read_bytes() for path in asset_files(function, root)}
    written = {path: json.dumps(value, sort_keys=True).encode() for path, value in beside.items()}
    return _stage(root / "build" / "assets" / "functions" / function.name, {**files, **written})


def image_asset(root: Path) -> Asset:
    """What the Dockerfile of the gateways copies, and itself, where they stand in the tree."""
    folders = ("gateway_bot", "layers/shared/python/waddlebot", "sdk/python/waddlebot_sdk")
    found = (path for one in folders for path in (root / one).rglob("*") if path.is_file())
    paths = [path.relative_to(root) for path in found]
    files = {str(path): (root / path).read_bytes() for path in paths if is_shipped(path)}
    lock = "requirements/gateway.txt"
    return _stage(
        root / "build" / "assets" / "images" / "gateway",
        {**files, lock: (root / lock).read_bytes()},
    )


def files_asset(name: str, files: Mapping[str, Path], root: Path) -> Asset:
    """Of single files, each under the name that it has in the zip."""
    found = {path: file.read_bytes() for path, file in files.items()}
    return _stage(root / "build" / "assets" / "functions" / name, found)


def layer_asset(name: str, folder: Path, root: Path) -> Asset:
    """Of `folder` only `python/`, which is where Lambda looks."""
    paths = (path.relative_to(folder) for path in (folder / "python").rglob("*") if path.is_file())
    files = {str(path): (folder / path).read_bytes() for path in paths if is_shipped(path)}
    return _stage(root / "build" / "assets" / "layers" / name.lower(), files)


def _stage(target: Path, files: Mapping[str, bytes]) -> Asset:
    """Modes are fixed, whatever the umask: Lambda reads as somebody else, and zips keep modes."""
    shutil.rmtree(target, ignore_errors=True)
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o644)
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    for folder in (target, *(path for path in target.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    return Asset(folder=target, content=digest.hexdigest())
