"""A class sees how far everybody is: after each check, this machine tells the class server the result of the step.

Only after `make join`. What is sent: the step's number, how many checks passed, and the name of the first that did not.
"""

import json
import os
from typing import Any

import requests

from .. import paths
from ..errors import WorkshopError
from .check_work import Checked

FILE = ".class.json"
TIMEOUT = 3  # seconds: a class server that is gone must not keep anybody from checking


def join(url: str, name: str, password: str) -> None:
    """Log in to the class server. The refresh token is kept in `work/`, readable by its owner only; the password is not."""
    url = url.rstrip("/")
    try:
        login = requests.post(
            f"{url}/api/token/", json={"username": name, "password": password}, timeout=TIMEOUT
        )
    except requests.RequestException as error:
        raise WorkshopError(f"No class server answers at {url} ({type(error).__name__}).") from None
    if login.status_code != 200:
        raise WorkshopError(f"The class server at {url} rejected the login of {name}: {sentence(login)}.")
    keep({"url": url, "name": name, "refresh": login.json()["refresh"]})


def tell(checked: Checked) -> str:
    """Tell the class server about a check. Gives a sentence for the learner; nothing when they joined no class."""
    known = read()
    if not known:
        return ""
    try:
        response = send(known, checked)
    except (requests.RequestException, KeyError, ValueError) as error:
        return f"The class server was not told: {type(error).__name__}. Your check counts all the same."
    if response.status_code == 204:
        return f"The class server knows that {known['name']} has this result."
    return f"The class server was not told: {sentence(response)}. Your check counts all the same."


def send(known: dict[str, Any], checked: Checked) -> requests.Response:
    """The refusal of the refresh, or the response to the result."""
    renewal = {"refresh": known["refresh"]}
    refreshed = requests.post(f"{known['url']}/api/token/refresh/", json=renewal, timeout=TIMEOUT)
    if not refreshed.ok:
        return refreshed
    tokens = refreshed.json()
    if "refresh" in tokens:  # the class server rotates
        keep(known | {"refresh": tokens["refresh"]})
    return requests.put(
        f"{known['url']}/class/steps/{checked.step.number}/",
        json=result(checked),
        headers={"Authorization": f"Bearer {tokens['access']}"},
        timeout=TIMEOUT,
    )


def result(checked: Checked) -> dict[str, Any]:
    failed = [outcome for outcome in checked.outcomes if outcome.state != "passed"]
    return {
        "checks": len(checked.outcomes),
        "passed": len(checked.outcomes) - len(failed),
        "first_failure": failed[0].title[:200] if failed else "",
    }


def sentence(response: requests.Response) -> str:
    """What the server said; its status, when it said nothing that is JSON."""
    try:
        said = response.json()
    except ValueError:
        said = None
    detail = said.get("detail") if isinstance(said, dict) else None
    return str(detail or f"it responded with {response.status_code}").removesuffix(".")


def read() -> dict[str, Any]:
    """The class that was joined; nothing for none, and for a file that is damaged."""
    try:
        known = json.loads((paths.WORK / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) and {"url", "name", "refresh"} <= known.keys() else {}


def keep(known: dict[str, Any]) -> None:
    paths.WORK.mkdir(parents=True, exist_ok=True)
    beside = paths.WORK / f"{FILE}.new"
    beside.unlink(missing_ok=True)
    with open(beside, "x", encoding="utf-8", opener=owner_only) as file:
        json.dump(known, file)
    beside.replace(paths.WORK / FILE)


def owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
