"""What may be shown of a request. A secret can be sent anywhere, so only what is known to be none is kept."""

import re
from difflib import get_close_matches
from functools import cache
from uuid import UUID

from django.urls import Resolver404, get_resolver, resolve

HIDDEN = "…"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
PARAMETERS = (
    "access_token",
    "format",
    "lang",
    "limit",
    "next",
    "offset",
    "ordering",
    "page",
    "search",
    "token",
)
SCHEMES = ("basic", "bearer", "digest", "jwt", "token")
CLIENTS = {  # a word of User-Agent, and what we call it. The first that is found wins.
    "httpyac": "httpyac",
    "vscode-restclient": "REST Client",
    "PowerShell": "PowerShell",
    "python-requests": "Python requests",
    "python-httpx": "Python httpx",
    "Python-urllib": "Python urllib",
    "HTTPie": "HTTPie",
    "curl": "curl",
    "Wget": "Wget",
    "PostmanRuntime": "Postman",
    "insomnia": "Insomnia",
    "Edg/": "Edge",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
    "node": "Node.js",
}
LONGEST_REASON = 160
MOST_SECRETS = 200  # texts looked for in one sentence
MOST_PARTS = 20  # of one path: no address of ours has so many


def method(word):
    """The method, when it is one of HTTP's."""
    return word if word in METHODS else HIDDEN


def path(address):
    """The path with every part hidden that no address of this server has; a near miss is a typing mistake."""
    parts = address.split("/", MOST_PARTS)
    if words().issuperset(parts):  # most often, and asked of every request
        return address
    numbers = captured_numbers(address)
    return "/".join(part if part in numbers else known(part) for part in parts)


def captured_numbers(address):
    """The numbers that the server's own patterns found in the path: ids, never secrets."""
    try:
        values = resolve(address).kwargs.values()
    except Resolver404:
        return set()
    return {str(value) for value in values if isinstance(value, (int, UUID))}


@cache
def words():
    """Every fixed part of every address of this server, and the empty one between two slashes."""
    found = {""}
    waiting = list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        found.update(re.findall(r"(?<![<\w:-])[A-Za-z][\w.-]*(?=/|$|\\)", str(entry.pattern)))
        waiting.extend(getattr(entry, "url_patterns", []))
    return frozenset(found)


def known(part):
    """The part when it is a word of ours or nearly one, else a sign that something was there."""
    if part in words():
        return part
    return part if len(part) <= 30 and get_close_matches(part, words(), n=1, cutoff=0.75) else HIDDEN


def parameters(names):
    """The names of the query parameters, without their values."""
    return [name if name in PARAMETERS else HIDDEN for name in names]


def scheme(word):
    """The word before the token, when it is one that people use there."""
    # Imported here: this module is loaded while Django starts, and a bad token setting must fail where it always does.
    from rest_framework_simplejwt.authentication import AUTH_HEADER_TYPES

    if word.lower().rstrip(":") in SCHEMES or word in AUTH_HEADER_TYPES:
        return word
    return HIDDEN


def client(agent):
    """The program that sent the request, by the name it gave."""
    return next((name for sign, name in CLIENTS.items() if sign.lower() in agent.lower()), "other")


def sentence(text, secrets=()):
    """The server's sentence without what the request sent, without quotations and without long words.

    Only what fits into the result is looked at, so the largest request costs no more than a small one.
    """
    if len(secrets) > MOST_SECRETS:
        return HIDDEN
    text = text[: 2 * LONGEST_REASON]
    for secret in sorted(secrets, key=len, reverse=True):
        text = blanked(text, secret)
    text = re.sub("\0+", HIDDEN, text[:LONGEST_REASON])
    text = re.sub(r"(?<!\w)([\"'“]).*?([\"'”])(?!\w)", rf"\1{HIDDEN}\2", text)
    return re.sub(r"\S{25,}", HIDDEN, text)


def blanked(text, secret):
    """The text with the secret's letters blanked out, so that all others keep their places.

    A text that is cut may hold the beginning of a secret only: of a long one, the beginning is enough.
    """
    beginning = secret[:LONGEST_REASON]
    if beginning not in text:
        return text
    end = r"(?!\w)" if beginning == secret else ""
    return re.sub(rf"(?<!\w){re.escape(beginning)}{end}", "\0" * len(beginning), text)
