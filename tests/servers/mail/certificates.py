"""Certificates for servers of our own: an authority, and what it vouches for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of a certificate and of its key."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Authority:
    """Whoever trusts `certificate` trusts what this authority issues."""

    folder: Path
    certificate: Path
    name: x509.Name
    key: ec.EllipticCurvePrivateKey

    def issue(self, label: str, *hosts: str, expired: bool = False) -> Pair:
        """A certificate for these hosts, valid from yesterday until tomorrow, or until yesterday."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [_name(host) for host in hosts]
        built = _begun(_called(hosts[0]), self.name, key, -_DAY if expired else _DAY)
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return _written(self.folder / label, built.sign(self.key, hashes.SHA256()), key)


def authority(folder: Path) -> Authority:
    """A new authority, whose files go to a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _called("Antiphon's tests")
    built = _begun(name, name, key, _DAY).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pair = _written(folder / "authority", built.sign(key, hashes.SHA256()), key)
    return Authority(folder, pair.certificate, name, key)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, until: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * _DAY)
        .not_valid_after(now + until)
    )


def _written(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    pair = Pair(path.with_suffix(".pem"), path.with_suffix(".key"))
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pair.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pair


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
