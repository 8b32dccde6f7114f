"""api.http, run unchanged by a real .http client."""

import json
import subprocess
from pathlib import Path

SERVER = Path(__file__).resolve().parent.parent
HTTPYAC = Path(SERVER.parent, "node_modules", ".bin", "httpyac")
STORY = [
    ("GET", "/products/", 200),
    ("POST", "/api/token/", 200),
    ("GET", "/user-orders/", 200),
    ("POST", "/api/token/refresh/", 200),
    ("GET", "/user-orders/", 200),
]


def test_the_requests_of_api_http_are_answered_in_order(shop, need, environment):
    need(HTTPYAC.exists(), "httpyac is not installed. In the repository, `npm ci` installs it.")
    run = subprocess.run(
        [HTTPYAC, "send", "api.http", "--all", "--json"],
        cwd=SERVER,
        env=environment(SHOP_URL=shop.url),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    # The output holds the tokens of the demo account: only these three parts of it are looked at.
    sent = [(entry["response"]["request"], entry["response"]) for entry in json.loads(run.stdout)["requests"]]
    assert [
        (request["method"], request["url"].removeprefix(shop.url), response["statusCode"])
        for request, response in sent
    ] == STORY
