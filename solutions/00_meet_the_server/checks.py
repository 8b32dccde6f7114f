"""What step 00 asks: a public endpoint is read without a token, and a refusal is taken apart."""

import requests

from workshop.expect import expect

FILE = "client/first_calls.py"
NO_CREDENTIALS = "Authentication credentials were not provided."


def test_product_names_come_from_the_public_endpoint(url, learner, wire):
    wanted = [product["name"] for product in requests.get(f"{url}/products/", timeout=5).json()]
    wire.clear()
    try:
        got = learner(FILE).product_names(url)
    except requests.HTTPError as refused:
        got = f"an error: {refused.response.status_code} {refused.response.reason}"
    sent = described(wire)
    means = f"{header_meaning(wire) or 'The list holds one name per product, in the order of the answer.'}"
    expect(got, wanted, sent=sent, means=means, see="00, section 1")


def test_a_refusal_is_read_with_its_reason(url, learner, wire):
    answer = learner(FILE).knock(url, "/user-orders/")
    got = answer.get("status"), answer.get("detail")
    expect(got, (401, NO_CREDENTIALS), sent=described(wire), means=meaning(*got, wire), see="00, section 3")


def test_the_challenge_is_read_from_its_header(url, learner, wire):
    answer = learner(FILE).knock(url, "/user-orders/")
    means = "The challenge is no part of the body: it is the header WWW-Authenticate, and names the scheme to use."
    expect(
        answer.get("challenge"), 'Bearer realm="api"', sent=described(wire), means=means, see="00, section 4"
    )


def test_a_public_endpoint_gives_no_challenge(url, learner, wire):
    answer = learner(FILE).knock(url, "/products/")
    wanted = {"status": 200, "detail": None, "challenge": None}
    means = header_meaning(wire) or "A public endpoint has nothing to refuse: no sentence, no challenge."
    expect(answer, wanted, sent=described(wire), means=means, see="00, section 2")


def described(wire) -> str:
    """The learner's last request in words."""
    if not wire:
        return "nothing"
    request = wire[-1].request
    header = request.headers.get("Authorization")
    carried = (
        f"Authorization: {header.split()[0] if header.split() else header!r} ..."
        if header
        else "no Authorization"
    )
    return f"{request.method} {request.path_url} with {carried}"


def header_meaning(wire) -> str:
    if wire and "Authorization" in wire[-1].request.headers:
        return "A bad header closes even a public endpoint, and this step needs none: send no Authorization at all."
    return ""


def meaning(status, detail, wire) -> str:
    if status == 200:
        return "requests does not raise for a 401: it returns it like any answer. Read response.status_code."
    if detail == "Unauthorized":
        return "That is the phrase of the status line, the same for every 401. The reason is in the body, under `detail`."
    if isinstance(detail, str) and detail.startswith("{"):
        return "That is the whole body as text. It is JSON: decode it and take the value of `detail`."
    return header_meaning(wire) or "The server said more than a number: status 401, and why under `detail`."
