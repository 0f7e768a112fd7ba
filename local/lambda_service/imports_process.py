"""What a fork server imports for its workers, and what they may import themselves.

The standard library alone, as `fork_server_process.py`, which loads this file.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import site
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

# What every worker imports. Not the runtime client itself: its native part reads
# AWS_LAMBDA_RUNTIME_API once, when it is imported, and other parts read the function's settings.
RUNTIME_PARTS = (
    *("logging", "traceback", "decimal", "concurrent.futures.thread", "http.client"),
    "awslambdaric.lambda_config",
    "awslambdaric.lambda_context",
    "awslambdaric.lambda_literals",
    "awslambdaric.lambda_runtime_exception",
    "awslambdaric.lambda_runtime_log_utils",
    "awslambdaric.lambda_runtime_marshaller",
)


def prepare_imports(order: dict[str, Any]) -> list[str]:
    """The path below that of any function: the standard library, and the packages if allowed."""
    site.setquit()  # `-S` leaves out exit() and quit(), which functions may call
    if order["only"] is None:
        base_path = [*sys.path, *order["site_packages"]]
    else:
        base_path = [*sys.path]
        sys.meta_path.append(OnlyTheRuntime(order["only"], order["site_packages"]))
    sys.path[:] = [*order["path"], *base_path]
    return base_path


class OnlyTheRuntime(importlib.abc.MetaPathFinder):
    """Finds the runtime client among our packages, and nothing else there."""

    def __init__(self, names: Sequence[str], site_packages: Sequence[str]) -> None:
        self._names = frozenset(names)
        self._site_packages = site_packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is not None or fullname not in self._names:
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, self._site_packages, target)


def import_ahead(names: Iterable[str]) -> None:
    for name in RUNTIME_PARTS:
        importlib.import_module(name)
    for name in names:
        preload(name)


def preload(name: str) -> None:
    """Skipped where it fails: the function that needs it says so itself when it is called."""
    try:
        importlib.import_module(name)
    except (Exception, SystemExit):  # noqa: BLE001 (whatever a file that is worked on does)
        print(f"{name} could not be imported for all functions and is left out:", file=sys.stderr)
        traceback.print_exc()
    if threading.active_count() > 1:
        raise RuntimeError(
            f"importing {name} starts a thread, which a fork would not take along: "
            f"leave {name} out of `preload`"
        )


def forget_imports(packages: Sequence[str]) -> None:
    """Whoever asks for them next imports them as they are now."""
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
    importlib.invalidate_caches()
