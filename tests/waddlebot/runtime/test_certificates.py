"""Which certificates servers on AWS must come from: as they were taken, and how long they last."""

from __future__ import annotations

import hashlib
import re
import ssl
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from functions.assets import is_shipped
from infra.certificates import FOLDER
from local.settings import ROOT

NEAR = timedelta(days=365)
FILES = sorted(FOLDER.glob("*.pem"), key=str)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_as_it_was_taken_and_none_of_it_ends_soon(file: Path) -> None:
    head, _, body = file.read_text().partition("\n\n")
    said = re.fullmatch(
        r"# .+\n# From npm (?P<name>\S+) [\d.]+, written .* on (?P<day>[\d-]+)\.\n"
        r"# (?P<count>\d+) certificates; .*\n# (?P<hash>[0-9a-f]{64})",
        head,
    )
    assert said
    assert date.fromisoformat(said["day"]) <= date.today()  # noqa: DTZ011 - the day it was written
    assert hashlib.sha256(body.encode()).hexdigest() == said["hash"]

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    found = context.get_ca_certs()
    assert len(found) == int(said["count"]) == body.count("BEGIN CERTIFICATE")
    for one in found:
        ends = date.fromtimestamp(ssl.cert_time_to_seconds(str(one["notAfter"])))  # noqa: DTZ012
        assert ends > date.today() + NEAR, one["subject"]  # noqa: DTZ011


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # Starfield's own is 0
def test_what_valkey_comes_from_holds_for_strict_readers_too() -> None:
    """Lambda's Python reads a chain as RFC 5280 has it, the oldest that we take does not."""
    for root in x509.load_pem_x509_certificates((FOLDER / "amazon.pem").read_bytes()):
        limits = root.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = root.extensions.get_extension_for_class(x509.KeyUsage)
        assert (limits.critical, limits.value.ca, usage.value.key_cert_sign) == (True, True, True)
        assert root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)


def test_every_region_has_its_own_and_the_public_roots() -> None:
    names = {file.stem for file in FILES}
    public = (FOLDER / "amazon.pem").read_text().partition("\n\n")[2]

    assert {"eu-central-1", "us-east-1", "us-west-2"} <= names
    assert public.count("Amazon Root CA") == 4
    for region in names - {"amazon"}:
        text = (FOLDER / f"{region}.pem").read_text()
        assert text.endswith(public)
        assert text.count(f"# Amazon RDS {region} Root CA") == 3


def test_they_are_in_the_shared_layer_and_in_the_image() -> None:
    layer = ROOT / "layers" / "shared"
    dockerfile = (ROOT / "gateway_bot" / "Dockerfile").read_text()

    assert all(is_shipped(file.relative_to(layer)) for file in FILES)
    assert "COPY layers/shared/python/waddlebot layers/shared/python/waddlebot" in dockerfile
