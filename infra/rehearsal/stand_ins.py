"""Twitch, Discord and Slack of this machine: python -m infra.rehearsal.stand_ins PORT FEED

The keys come as JSON in REHEARSAL_KEYS; what people would see is written to FEED, an item a line.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import uvicorn

from local.stand_ins.app import StandIns


def main(port: str, feed: str) -> int:
    keys: dict[str, str] = json.loads(os.environ["REHEARSAL_KEYS"])
    address = f"http://127.0.0.1:{port}"
    stand_ins = StandIns(keys=keys, webhook_url=address, kept_at=Path(feed))
    uvicorn.run(stand_ins, host="127.0.0.1", port=int(port), log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
