"""An authority of a rehearsal, and certificates of servers that come from it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=2)
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """`file` is what clients trust."""

    file: Path
    key: Key
    certificate: x509.Certificate

    @classmethod
    def found(cls, folder: Path) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("WaddleBot rehearsal")
        certificate = _certificate(name, name, key.public_key(), key, is_authority=True)
        file = folder / "authority.pem"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(file=file, key=key, certificate=certificate)

    def server(self, name: str) -> ssl.SSLContext:
        """Of a server that shows this DNS name and no other."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(
            _named(name), self.certificate.subject, key.public_key(), self.key, names=[name]
        )
        both = self.file.with_name(f"{name}.pem")
        both.touch(mode=0o600)
        both.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        context.set_alpn_protocols(["postgresql"])  # libpq insists on it where it says nothing else
        both.unlink()
        return context


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _as_strict_readers_want(
    public: ec.EllipticCurvePublicKey, signed_by: Key, *, is_authority: bool
) -> Iterator[x509.ExtensionType]:
    """From Python 3.13 on `ssl.create_default_context` refuses a chain without (RFC 5280, 4.2.1),
    and Lambda's Python is one."""
    yield x509.SubjectKeyIdentifier.from_public_key(public)
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key())
    yield x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    signed_by: Key,
    *,
    names: list[str] | None = None,
    is_authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    )
    for extension in _as_strict_readers_want(public, signed_by, is_authority=is_authority):
        made = made.add_extension(extension, critical=isinstance(extension, x509.KeyUsage))
    if names:
        alternative = x509.SubjectAlternativeName([_general(name) for name in names])
        made = made.add_extension(alternative, critical=False)
    return made.sign(signed_by, hashes.SHA256())
