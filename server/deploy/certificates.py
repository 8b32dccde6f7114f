"""A certificate authority of one's own, for a rehearsal: the library `cryptography` does the work."""

import ipaddress
from datetime import date, datetime, time, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LIFETIME = timedelta(days=7)
ADDRESS = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
USES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
USES += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
SIGNS_CERTIFICATES = x509.KeyUsage(**dict.fromkeys(USES, False) | {"key_cert_sign": True, "crl_sign": True})


def make(folder, host="localhost"):
    """Write `authority.pem`, which a client trusts, and the server's `shop.pem` and `shop.key` into the folder."""
    folder = Path(folder)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = name("An authority for a rehearsal")
    authority = (
        builder(authority_name, authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(SIGNS_CERTIFICATES, critical=True)
        .sign(authority_key, SHA256())
    )
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    server = (
        builder(name(host), authority_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host), ADDRESS]), critical=False)
        .add_extension(issued_by, critical=False)
        .sign(authority_key, SHA256())
    )
    (folder / "authority.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    (folder / "shop.pem").write_bytes(server.public_bytes(Encoding.PEM))
    write_private(folder / "shop.key", key)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def builder(subject, issuer, public_key):
    today = datetime.combine(date.today(), time.min)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))  # clocks differ
        .not_valid_after(today + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def write_private(file, key):
    """Only its owner reads it."""
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
