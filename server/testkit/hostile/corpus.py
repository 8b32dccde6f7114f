"""Every hostile request of the corpus."""

from testkit.hostile import addresses, bodies, headers, tokens
from testkit.hostile.endpoints import (
    BLACKLIST,
    BODY_ENDPOINTS,
    HEADER_ENDPOINTS,
    HONEST_BODIES,
    JSON,
    NEW_PRODUCT,
    dumps,
)
from testkit.hostile.expected import ACCEPT
from testkit.hostile.request import Hostile

# An admin's own pages, asked for what they do not have.
ADMIN_QUERIES = (
    "q=%00",
    "o=999.x",
    "p=-1",
    "id__exact=%00",
    "password__startswith=a",
    "_popup=%ff",
    "e=1",
    "all=",
)


def corpus(people):
    """All hostile requests, in a fixed order, to a server whose people and key are these; first a few honest logins."""
    login = dumps(HONEST_BODIES["/api/token/"])
    yield from [
        Hostile("an honest login", "POST /api/token/", "POST", "/api/token/", login, JSON, ACCEPT)
    ] * 5
    yield from hostile_tokens(people)
    yield from hostile_bodies(people)
    yield from hostile_headers(people)
    yield from hostile_addresses(people)


def hostile_tokens(people):
    for row, token, outcome in tokens.corpus("access", people):
        for method, path in HEADER_ENDPOINTS:
            body, sent = dumps(NEW_PRODUCT) if method == "POST" else b"", JSON | bearer(token)
            yield Hostile(row, f"{method} {path}", method, path, body, sent, outcome.present)
    for path, field, token_type in BODY_ENDPOINTS:
        if path != BLACKLIST or people.can_blacklist:
            for row, token, outcome in tokens.corpus(token_type, people):
                where, kind = f"POST {path} ({token_type})", path.split("/")[-2]
                yield Hostile(row, where, "POST", path, dumps({field: token}), JSON, getattr(outcome, kind))


def hostile_bodies(people):
    for path, honest in HONEST_BODIES.items():
        if path == BLACKLIST and not people.can_blacklist:
            continue
        for name in ("nobody", "ada", "admin") if path == "/products/" else ("nobody",):
            for row, content_type, body in bodies.corpus(honest):
                sent = {"CONTENT_TYPE": content_type} | authorization(people, name)
                yield Hostile(row, f"POST {path} as {name}", "POST", path, body, sent)


def hostile_headers(people):
    login = dumps(HONEST_BODIES["/api/token/"])
    for row, sent in headers.CORPUS.items():
        yield Hostile(row, "GET /products/ as nobody", "GET", "/products/", b"", sent)
        yield Hostile(row, "GET /admin/ as nobody", "GET", "/admin/", b"", sent)
        yield Hostile(row, "POST /api/token/ as nobody", "POST", "/api/token/", login, JSON | sent)
        for path, method, name in (("/user-orders/", "GET", "ada"), ("/products/", "POST", "admin")):
            body = dumps(NEW_PRODUCT) if method == "POST" else b""
            known = JSON | authorization(people, name) | sent
            yield Hostile(row, f"{method} {path} as {name}", method, path, body, known)


def hostile_addresses(people):
    for method in addresses.METHODS:
        for path in addresses.KNOWN:
            yield Hostile(f"method {method!r}", f"{path} as nobody", method, path)
            yield Hostile(f"method {method!r}", f"{path} as admin", method, path, b"", people.session)
    for row, path in addresses.PATHS.items():
        for method in ("GET", "POST", "DELETE"):
            yield Hostile(row, f"{method} as nobody", method, path, b"{}", JSON)
    for query in ADMIN_QUERIES:
        for path in ("/admin/api/user/", "/admin/api/product/", "/admin/api/order/"):
            sent = people.session | {"QUERY_STRING": query, "HTTP_ACCEPT": "text/html"}
            yield Hostile(f"query {query}", f"GET {path} as admin", "GET", path, b"", sent)


def bearer(token):
    # As it arrives: WSGI gives the bytes of a header as Latin-1.
    return {"HTTP_AUTHORIZATION": f"Bearer {token}".encode(errors="surrogatepass").decode("latin-1")}


def authorization(people, name):
    return {} if name == "nobody" else bearer(people.token("access", name))
