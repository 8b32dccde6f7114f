"""Every secret, sent in every place: the recorder, its stream and the log must hold none of them."""

import json
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
import requests
from playwright.sync_api import expect
from rest_framework_simplejwt.tokens import AccessToken

PASSWORD = "correct-horse-battery-7"
FORGED = "hunter2-in-a-claim"


def forged(**claims):
    """An access token of another key, with these claims besides."""
    token = AccessToken()
    token.payload.update(claims)
    return str(token)


def places(secret):
    """One request for each place in which a secret can come."""
    word = quote(secret, safe="")
    yield {"path": f"/user-orders/?access_token={word}"}
    yield {"path": f"/user-orders/?{word}"}
    yield {"path": f"/user-orders/{word}/"}
    yield {"path": f"/{word}"}
    yield {"path": f"/admin/{word}/"}
    yield {"path": f"/products/{word}/"}
    yield {"path": f"/products/?{word}={word}&page={word}"}
    for header in (
        secret,
        f"Bearer {secret}",
        f"{secret} x",
        f"Token {secret}",
        f"Bearer {secret} {secret}",
        f"{secret}:",
    ):
        yield {"path": "/user-orders/", "headers": {"Authorization": header}}
    for name in ("User-Agent", "Cookie", "Referer", "X-Token", "Accept-Language", "X-Forwarded-For"):
        yield {"path": "/products/", "headers": {name: secret}}
    yield {"path": "/products/", "headers": {"Cookie": f"sessionid={secret}"}}
    for field in ("username", "password", "refresh", "token", "access", secret):
        for path in ("/api/token/", "/api/token/refresh/", "/api/token/verify/", "/products/"):
            yield {"method": "POST", "path": path, "json": {field: secret}}
    yield {"method": "POST", "path": "/api/token/", "json": {"username": secret, "password": secret}}
    yield {
        "method": "POST",
        "path": "/api/token/",
        "data": f"username={word}&password={word}",
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    }
    yield {
        "method": "POST",
        "path": "/api/token/",
        "data": secret,
        "headers": {"Content-Type": "application/json"},
    }
    yield {"method": "POST", "path": "/api/token/", "data": b"x", "headers": {"Content-Type": secret}}
    yield {"method": secret.replace(".", "-")[:200], "path": "/products/"}


@pytest.fixture
def sent(lab, log_in):
    """A server that was sent every secret everywhere, and the secrets."""
    with lab() as server:
        pair = log_in(server.url)
        claims = {"jti": FORGED, "user_id": FORGED, "token_type": FORGED, "exp": FORGED}
        secrets = [pair["access"], pair["refresh"], forged(**claims), PASSWORD]
        for secret in secrets:
            for place in places(secret):
                url = server.url + place.pop("path")
                requests.request(place.pop("method", "GET"), url, timeout=10, **place)
        yield server, [*secrets, FORGED, *(part for token in secrets[:3] for part in token.split(".")[1:])]


def test_no_secret_is_in_the_recorder_its_stream_the_page_or_the_log(sent, database, open_page):
    server, secrets = sent
    with requests.get(f"{server.url}/lab/stream/", stream=True, timeout=5) as answer:
        answer.encoding = "utf-8"
        lines = answer.iter_lines(chunk_size=1, decode_unicode=True)
        streamed = next(line for line in lines if line.startswith("data: ["))
    file = Path(unquote(database.removeprefix("sqlite:///"))).with_suffix(".flight.sqlite3")
    stored = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*")).decode(
        errors="replace"
    )
    window = open_page(server, "?room")
    expect(window.locator("#count")).to_contain_text("100 of")
    page = window.content()
    log = server.log.read_text(encoding="utf-8")
    assert len(json.loads(streamed.removeprefix("data: "))) > 100
    assert "Unauthorized: /user-orders/" in log
    for name, text in {"stream": streamed, "file": stored, "page": page, "log": log}.items():
        leaked = [line for line in text.splitlines() if any(secret in line for secret in secrets)]
        assert leaked == [], f"in the {name}"
