"""The key pair of a shop that signs with one (step 11): `python -m deploy.keys FOLDER` makes FOLDER/first.pem."""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def make(folder):
    """Write a new private key, which only its owner reads, into a new folder. Gives the folder."""
    folder = Path(folder)
    folder.mkdir(mode=0o700)
    file = folder / "first.pem"
    file.touch(mode=0o600)
    file.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return folder


if __name__ == "__main__":
    make(sys.argv[1])
