"""Step 04: a session that refreshes its access token when it has expired, and knows when to stop."""

import threading
from collections.abc import Iterator

import requests

TIMEOUT = 5  # seconds
REFRESH = "/api/token/refresh/"


class LoginAgain(Exception):
    """The server rejected the refresh token.

    The message: `Log in again: ` and the server's own `detail`, or the status code (`Log in again: 401`) when there
    is none. A `detail` that is empty or no text may give either.
    """


def is_expired(response: requests.Response) -> bool:
    """Whether the server rejected the *access token* because it has expired: the one refusal that a refresh fixes.

    That is a 401 with `messages`, one of which has the `message` "Token is expired". Every other response gives
    False: other refusals, successes, bodies that are no JSON object. So does the refusal of a dead refresh token:
    it has the same sentence in `detail`, and no refresh fixes it.
    """
    if response.status_code != 401:
        return False
    return any(entry.get("message") == "Token is expired" for entry in messages(response))


def messages(response: requests.Response) -> list[dict]:
    """The entries in `messages`; none where there is no such list."""
    found = body_of(response).get("messages")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def body_of(response: requests.Response) -> dict:
    """The JSON object of a response; an empty one where the body is something else, as a gateway's page is."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def repeatable(options: dict) -> dict:
    """Options that can be used twice: what can be read only once, an open file or a generator, is read now."""
    options = options.copy()
    if isinstance(options.get("params"), Iterator):
        options["params"] = list(options["params"])
    body = options.get("data")
    if options.get("files"):  # requests reads them when it makes the body, so the body is made here, once
        form = requests.Request("POST", "http://form", data=body, files=options.pop("files")).prepare()
        own = {"Content-Type": form.headers["Content-Type"]}
        return options | {"data": form.body, "headers": own | dict(options.get("headers") or {})}
    if hasattr(body, "read"):
        return options | {"data": body.read()}
    return options | {"data": b"".join(body)} if isinstance(body, Iterator) else options


class ShopSession(requests.Session):
    """Calls the shop with a token pair: `ShopSession(url, pair).get("/user-orders/")`.

    Threads may share it. The access token goes into the header `Authorization` and nowhere else, and the refresh token
    into the body of a refresh and nowhere else. No token is written into `pair` or into a dict that the caller passed
    to a request, nor printed, logged, or put into an error's message.
    """

    def __init__(self, base_url: str, pair: dict):
        super().__init__()
        self.base_url = base_url
        self.refresh = pair["refresh"]
        self.headers["Authorization"] = f"Bearer {pair['access']}"
        self.renewing = threading.Lock()
        self.rejected = ""  # what LoginAgain says, once the refresh token was rejected

    def request(self, method: str, path: str, **options) -> requests.Response:
        """Send a request to `base_url` and `path`, put together; a `base_url` with a path of its own is not covered.

        `get`, `post` and the other methods all call this. When the access token has expired: `renew` once, send the
        same request again once, and give back the second response, whatever it is. Every other response is given back
        as it came; not covered are a call that brings its own `Authorization`, and a 401 that came after a redirect.

        The second request has the method, query, headers and body of the first, byte for byte. Only `Authorization` is
        new (a cookie that the first response set may come along, and options such as `timeout` may differ). A form with
        files is encoded once, or refused with an error. A body or a query that can be read only once (an open file, an
        iterator) is not cut: read it first, or refuse it, before the first request or instead of the second, with an
        error; one inside a dict or a list is not covered. `json` is always sent, and so are text, bytes, and dicts,
        lists and tuples of text, bytes and numbers; other kinds may be refused.
        """
        options = repeatable(options)
        options.setdefault("timeout", TIMEOUT)
        response = super().request(method, f"{self.base_url}{path}", **options)
        presented = response.request.headers.get("Authorization")  # nothing, where a redirect led elsewhere
        if presented and is_expired(response):
            self.renew(presented)
            response = super().request(method, f"{self.base_url}{path}", **options)
        return response

    def renew(self, presented: str) -> None:
        """Obtain a new access token with the refresh token, and present it from now on.

        The refresh is sent with `requests.post`, or by a fresh session of `requests`, and to `base_url`, wherever a
        redirect has led. It follows no redirect itself (`allow_redirects=False`): a 307 would take the refresh token
        along.

        `presented` is the `Authorization` header that was rejected. When many threads are rejected at once, one of
        them refreshes; the others wait, see that the header has changed since, and return. When the response holds
        a new refresh token as well, keep that one; not covered are a `refresh` that is null or empty, an `access` that
        is empty or a number, and another `refresh` that is assigned to the session later.

        A 401 raises `LoginAgain`. A refresh token that was rejected is never sent again: whoever needs it later gets
        `LoginAgain` with the same message. Every other failure (a 503, a broken connection, a 200 whose `access` is
        missing or null) raises an error of your choice, not `LoginAgain`, and changes nothing, even if it brings a
        refresh token: the old one is as good as before, so the next call tries again; a thread that waited may, too.
        """
        with self.renewing:
            if self.headers["Authorization"] != presented:
                return
            if self.rejected:
                raise LoginAgain(self.rejected)
            address, body = f"{self.base_url}{REFRESH}", {"refresh": self.refresh}
            response = requests.post(address, json=body, timeout=TIMEOUT, allow_redirects=False)
            if response.status_code == 401:
                self.rejected = f"Log in again: {body_of(response).get('detail') or response.status_code}"
                raise LoginAgain(self.rejected)
            response.raise_for_status()
            tokens = body_of(response)
            if not tokens.get("access"):
                raise ValueError(f"The refresh got no access token: {response.status_code}")
            self.refresh = tokens.get("refresh", self.refresh)
            self.headers["Authorization"] = f"Bearer {tokens['access']}"
