"""A process with a Lambda service in it, to be killed: prints a line while a function runs."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from pathlib import Path

from local.lambda_service import LambdaService, LocalFunction


async def main(functions: Path, logs: Path) -> None:
    sleeper = LocalFunction(
        name="sleep",
        handler="samples.sleep_with_child",
        environment={},
        timeout_seconds=60,
        python_path=(functions,),
        warm=2,
    )
    service = LambdaService([sleeper], logs=logs)
    await service.start()
    with contextlib.suppress(TimeoutError):
        await service.invoke("sleep", b"60", timeout_seconds=0.3)
    print("running", flush=True)
    await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
