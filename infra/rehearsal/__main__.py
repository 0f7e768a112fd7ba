"""`make rehearse`: the whole run, and what it cannot prove; `domain=bot.example.org`, as a house
with a domain.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time

from infra.rehearsal.own_packages import ROOT, install
from infra.rehearsal.progress import MemoryWatch, RehearsalFailed, exceeded, run_steps, say
from infra.rehearsal.rehearsal import Rehearsal
from infra.rehearsal.unproven import UNPROVEN
from local.bootstrap import SetupFailed

FOLDER = ROOT / "build" / "rehearsal"


def main(domain: str = "") -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end it in the same way
    began = time.monotonic()
    memory = MemoryWatch()
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "logs").mkdir(parents=True)
    rehearsal = Rehearsal(FOLDER, domain)
    print("rehearsal   deploys everything to an AWS of this machine", flush=True)
    try:
        say("packages", time.monotonic() - began, install())
        run_steps(rehearsal.steps(), FOLDER / "logs", memory.step_mb)
    except (RehearsalFailed, SetupFailed) as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 1
    finally:
        peak = memory.stop()
        ending = time.monotonic()
        rehearsal.close()
        say("end", time.monotonic() - ending, "everything that was started has ended")
    seconds = time.monotonic() - began
    print(f"\ndone in {seconds:.0f} s, at most {peak} MB at once ({memory.most})")
    print("It cannot prove:\n" + "\n".join(f"  - {line}" for line in UNPROVEN))
    load, cores = os.getloadavg()[1], os.cpu_count() or 1
    if too_much := exceeded(seconds, peak, load, cores):
        print(f"\n{too_much}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
