"""Step 04: a session that refreshes its access token when it has expired, and knows when to stop."""

import threading

import requests

TIMEOUT = 5  # seconds
REFRESH = "/api/token/refresh/"


class LoginAgain(Exception):
    """The server refused the refresh token. The message: `Log in again: ` and the server's own `detail`."""


def is_expired(response: requests.Response) -> bool:
    """Whether the server refused the *access token* because it has expired: the one refusal a refresh mends.

    That is a 401 with `messages`, one of which has the `message` "Token is expired". Every other answer gives
    False: other refusals, successes, pages that are no JSON. So does the refusal of a dead refresh token: it
    has the same sentence in `detail`, and no refresh mends it.
    """
    if response.status_code != 401 or "json" not in response.headers.get("Content-Type", ""):
        return False
    return any(entry["message"] == "Token is expired" for entry in response.json().get("messages", []))


class ShopSession(requests.Session):
    """Calls the shop with a token pair: `ShopSession(url, pair).get("/user-orders/")`.

    Threads may share it.
    """

    def __init__(self, base_url: str, pair: dict):
        super().__init__()
        self.base_url = base_url
        self.refresh = pair["refresh"]
        self.headers["Authorization"] = f"Bearer {pair['access']}"
        self.renewing = threading.Lock()

    def request(self, method: str, path: str, **options) -> requests.Response:
        """Send a request to a path of the shop. `get`, `post` and the others of `requests` all call this.

        When the access token has expired: `renew` once, send the same request again once, and give the second
        answer, whatever it is. Every other answer is given back as it came.
        """
        options.setdefault("timeout", TIMEOUT)
        response = super().request(method, f"{self.base_url}{path}", **options)
        if is_expired(response):
            self.headers["Authorization"] = f"Bearer {self.refresh}"
            response = super().request(method, f"{self.base_url}{path}", **options)
        return response

    def renew(self, presented: str) -> None:
        """Obtain a new access token with the refresh token, and present it from now on.

        `presented` is the `Authorization` header that was refused. When many threads are refused at once, one
        of them refreshes; the others wait, see that the header has changed since, and return.
        When the answer holds a new refresh token as well, keep that one. Raises `LoginAgain` on a 401.
        """
        with self.renewing:
            if self.headers["Authorization"] != presented:
                return
            response = requests.post(
                f"{self.base_url}{REFRESH}", json={"refresh": self.refresh}, timeout=TIMEOUT
            )
            if response.status_code == 401:
                raise LoginAgain(f"Log in again: {response.json()['detail']}")
            response.raise_for_status()
            tokens = response.json()
            self.refresh = tokens.get("refresh", self.refresh)
            self.headers["Authorization"] = f"Bearer {tokens['access']}"
