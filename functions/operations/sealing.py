"""Tokens are sealed anew, a batch a request: whoever asks goes on until nothing is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.operations.bodies import read_fields, read_flag
from waddlebot.domain.errors import Rejected
from waddlebot.runtime.environment import MissingVariable
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.resealing import Resealing
from waddlebot.stores.sealing import Seal, SealLost

MOST_AT_ONCE = 100

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealing:
    resources: Resources
    log: Logger

    def rotate(self, request: Request) -> Wire:
        """Of `{"version"?, "give_up"?}`: `{"version", "done", "shut", "left"}` of one batch.

        Without `version` a new data key is made, or the one that was begun is gone on with. What is
        `shut` opens under no key that is known; with `give_up` it is lost.

        Raises Rejected: 400, also of a version that is not there; 409, the master key is none, or
        another one.
        """
        fields = read_fields(request.body, may_lack=True)
        version, give_up = _version(fields), read_flag(fields, "give_up")
        by = request.caller.account
        try:
            resealing = Resealing(self.resources.postgres, self._seal())
            if version is None:
                version = resealing.begin(by=by)
                self.log.info("seal rotated", category=Category.AUDIT, version=version, by=by)
            elif version > (newest := resealing.newest()):
                raise _refused(
                    f"There is no data key {version}, the newest is {newest}: without 'version' "
                    "there will be one."
                )
            batch = resealing.next(version, most=MOST_AT_ONCE, give_up=give_up)
        except SealLost as lost:
            raise Rejected(409, "SEAL_LOST", f"{lost}.") from lost
        return {
            "success": True,
            "version": batch.version,
            "done": batch.done,
            "shut": batch.shut,
            "left": batch.left,
        }

    def _seal(self) -> Seal:
        try:
            return self.resources.seal
        except MissingVariable as missing:
            raise Rejected(409, "NO_SEAL_KEY", str(missing)) from missing


def _version(fields: Mapping[str, Any]) -> int | None:
    if "version" not in fields:
        return None
    version = fields["version"]
    if isinstance(version, int) and not isinstance(version, bool) and 0 < version < 2**31:
        return version
    raise _refused("'version' is that of the answer before.")


def _refused(words: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", words, details={"field": "version"})
