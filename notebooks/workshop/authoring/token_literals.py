"""Encoded tokens in files that are, or would be, committed."""

import base64
import re
import subprocess
from pathlib import Path

# In two halves: a search for token literals must find none here either.
LITERAL = re.compile(rb"ey" rb"J[\w-]{8,}")


def committed(clone: Path) -> list[Path]:
    """The files of the repository: tracked, and new ones that are not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=clone, check=True, capture_output=True, text=True).stdout
    return [clone / name for name in listed.split("\0") if name and (clone / name).is_file()]


def token_lines(content: bytes) -> list[int]:
    """The lines that hold an encoded token, counted from 1."""
    return [
        content.count(b"\n", 0, found.start()) + 1
        for found in LITERAL.finditer(content)
        if is_token(found[0])
    ]


def is_token(literal: bytes) -> bool:
    """Whether it decodes to the beginning of a JSON object: in pictures and checksums it does not."""
    text = base64.urlsafe_b64decode(literal[:8])
    return text.startswith(b'{"') and text.isascii() and text.decode().isprintable()
