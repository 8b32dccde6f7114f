"""Step 00, with nothing but the standard library."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen


def product_names(base_url: str) -> list[str]:
    with urlopen(f"{base_url}/products/") as response:  # noqa: S310 - the address is the caller's
        return [product["name"] for product in json.load(response)]


def knock(base_url: str, path: str) -> dict:
    try:
        response = urlopen(f"{base_url}{path}")  # noqa: S310
    except HTTPError as refused:
        response = refused
    with response:
        body = json.load(response)
    detail = body.get("detail") if isinstance(body, dict) else None
    return {"status": response.status, "detail": detail, "challenge": response.headers["WWW-Authenticate"]}
