"""Step 00, with a class that lives in a file of its own."""

from dataclasses import asdict
from operator import itemgetter

import requests
from refusal import Refusal


def product_names(base_url: str) -> list[str]:
    return list(map(itemgetter("name"), requests.get(base_url.rstrip("/") + "/products/", timeout=10).json()))


def knock(base_url: str, path: str) -> dict:
    return asdict(Refusal.of(requests.get(base_url + path, timeout=10)))
