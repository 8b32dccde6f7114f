"""What step 06 asks: a claim made anew at each refresh; nothing in a token or in the log that must not be there."""

import json
import uuid

import pytest
import requests

from workshop.claims import parts
from workshop.errors import WorkshopError
from workshop.expect import answer, expect

NO_CLAIM = "no claim username"
NO_LOGIN = "The login itself gives no tokens: mend that first. Does get_token() return the token?"

# People of this step's own: the demo accounts stay as they are.
PASSWORD = "frankenstein-1818"
PERSONAL = ("mary@example.com", "Mary", "Shelley", PASSWORD, "argon2")
ARRIVE = f"""
User.objects.create_user("mary", "mary@example.com", {PASSWORD!r}, first_name="Mary", last_name="Shelley")
User.objects.create_user("joan", password={PASSWORD!r})
"""
CHANGE = """
User.objects.filter(username="mary").update(username="mary.shelley")
User.objects.filter(username="joan").delete()
"""

# What a client could send with its login to become somebody else.
WISHES = {"user_id": "1", "sub": "1", "role": "admin", "is_staff": True}
NEW_EACH_TIME = ("exp", "iat", "nbf", "jti")


@pytest.fixture(scope="module")
def running(lasting):
    """These checks are not about expiry."""
    return lasting


@pytest.fixture(scope="module")
def people(running):
    """What mary and joan got when they logged in. Since then mary has another name, and joan is deleted."""
    running.shell(ARRIVE)
    bodies = {name: login(running.url, name, password=PASSWORD) for name in ("mary", "joan")}
    running.shell(CHANGE)
    return bodies


def test_the_access_token_carries_the_username(url):
    body = login(url, "ada")
    got = username_in(body)
    if "access" not in body:
        means = NO_LOGIN
    elif got == NO_CLAIM and "username" in body:
        means = (
            "It stands in the answer of the login, and in no token: "
            "validate() makes the answer, get_token() makes the token."
        )
    elif got == NO_CLAIM:
        means = "Neither the answer nor the token knows the name. Which view does drf_course/urls.py name?"
    else:
        means = "The claim is the user's name as it stands in the database, a string."
    expect(got, "ada", sent=f"{LOGIN} as ada, and decoded the access token", means=means, see="06, section 2")


def test_the_claim_survives_a_refresh(url):
    body = login(url, "ada")
    if "refresh" not in body:
        means = NO_LOGIN
    elif username_in(body) == NO_CLAIM:
        means = "There was no claim yet that could survive: begin with the login."
    else:
        means = (
            "A new access token is made from the refresh token, not from the old access token. "
            "The claim was on the access token only, so the first refresh lost it."
        )
    sent = f"{LOGIN} as ada, then {REFRESH}, and decoded the new access token"
    expect(username_after(refresh(url, body)), "ada", sent=sent, means=means, see="06, section 3")


def test_a_renamed_user_has_the_new_name_after_a_refresh(url, people):
    got = username_after(refresh(url, people["mary"]))
    if "refresh" not in people["mary"]:
        means = NO_LOGIN
    elif got == "mary":
        means = (
            "That is the name from the login. simplejwt copies the claims of the refresh token and asks "
            "nobody, so they are stale until the refresh token dies. Make the claim anew from the user, in a "
            "refresh view that urls.py names."
        )
    else:
        means = "At a refresh the claim is made from the user as it is then."
    sent = f"{LOGIN} as mary, then renamed her to mary.shelley, then {REFRESH}"
    expect(got, "mary.shelley", sent=sent, means=means, see="06, section 4")


def test_a_deleted_user_cannot_refresh(url, people):
    response = refresh(url, people["joan"])
    if "refresh" not in people["joan"]:
        means = NO_LOGIN
    elif response.status_code >= 500 or body_of(response).get("code") == "no_active_account":
        means = (
            "The refresh looked the user up and did not expect to find nobody. simplejwt's own does not either, and "
            "only the shop's handler makes a refusal of it: yours refuses by itself."
        )
    else:
        means = "A refresh token outlives its user. Refuse it as an access token of that user is refused."
    sent = f"{LOGIN} as joan, then deleted joan, then {REFRESH}"
    got = (response.status_code, body_of(response).get("code"))
    expect(got, (401, "user_not_found"), sent=sent, means=means, see="06, section 4")


def test_no_token_holds_personal_data(url, people):
    renewed = body_of(refresh(url, people["mary"]))
    found = [
        f"{name} in the {place}"
        for place, claims in {
            "access token": claims_of(people["mary"], "access"),
            "refresh token": claims_of(people["mary"], "refresh"),
            "access token after a refresh": claims_of(renewed, "access"),
        }.items()
        for name, value in claims.items()
        if any(word in json.dumps(value) for word in PERSONAL)
    ]
    expect(
        ", ".join(found) or "no personal data",
        "no personal data",
        sent=f"{LOGIN} as mary, who has an e-mail address and a full name, and decoded both tokens",
        means="A payload is signed, not encrypted: whoever holds the token reads this, with no key.",
        see="06, section 5",
    )


def test_a_client_cannot_write_claims(url):
    usual = claims_of(login(url, "ada"), "access")
    claims = claims_of(login(url, "ada", **WISHES), "access")
    written = sorted(
        name
        for name in usual.keys() | claims.keys()
        if name not in NEW_EACH_TIME and usual.get(name) != claims.get(name)
    )
    expect(
        ", ".join(written) or "no other claim",
        "no other claim",
        sent=f"{LOGIN} as ada with {', '.join(WISHES)} added, and compared the claims with those of a plain login",
        means="The client wrote these, and you signed them: now they count as the truth. Take claims from the user.",
        see="06, section 5",
    )


def test_no_token_is_in_the_log(running):
    url = running.url
    body = login(url, "ada")
    renewed = body_of(refresh(url, body))
    tokens = {
        "the access token": body.get("access"),
        "the refresh token": body.get("refresh"),
        "the refreshed access token": renewed.get("access"),
    }
    log = log_up_to_now(running)
    found = [name for name, token in tokens.items() if isinstance(token, str) and token[-43:] in log]
    expect(
        ", ".join(found) or "no token",
        "no token",
        sent=f"{LOGIN} as ada, then {REFRESH}, and read the server's log",
        means="Whoever reads the log can present them until they expire. Take the print() out.",
        see="06, section 6",
    )


def test_the_rest_of_the_shop_still_answers(url):
    asked = {
        "GET /products/": get(url, "/products/"),
        "POST /api/token/verify/": post(url, "/api/token/verify/", {"token": "no token"}),
        "GET /api/schema/": get(url, "/api/schema/"),
        "GET /admin/login/": get(url, "/admin/login/"),
    }
    silent = [
        f"{name} {response.status_code} {response.reason}"
        for name, response in asked.items()
        if answer(response) not in ((200, None), (401, "Token is invalid"))
    ]
    expect(
        ", ".join(silent) or "an answer from each",
        "an answer from each",
        sent=", ".join(asked),
        means="urls.py holds every address of the server. Change the views of two lines, and keep the others.",
        see="06, section 2",
    )


def test_the_documentation_still_knows_what_to_send(url):
    schema = body_of(get(url, "/api/schema/?format=json"))
    got = {path: fields_of(schema, path) for path in ("/api/token/", "/api/token/refresh/")}
    wanted = {"/api/token/": ["password", "username"], "/api/token/refresh/": ["refresh"]}
    means = (
        "drf-spectacular cannot see what the view reads, so Swagger UI offers no field. simplejwt's view does all "
        "that yours needs: give it another serializer_class."
    )
    expect(got, wanted, sent="GET /api/schema/", means=means, see="06, section 2")


LOGIN, REFRESH = "POST /api/token/", "POST /api/token/refresh/"


def get(url, path):
    return requests.get(f"{url}{path}", timeout=5)


def post(url, path, body):
    return requests.post(f"{url}{path}", json=body, timeout=5)


def login(url, name, **more):
    return body_of(post(url, "/api/token/", {"username": name, "password": "test"} | more))


def refresh(url, body):
    return post(url, "/api/token/refresh/", {"refresh": body.get("refresh")})


def body_of(response):
    """The JSON object of an answer; an empty one when the answer holds none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def claims_of(body, kind):
    """What that token of an answer says; nothing when there is no such token."""
    try:
        return parts(body.get(kind))[1]
    except WorkshopError:
        return {}


def username_in(body):
    return claims_of(body, "access").get("username", NO_CLAIM)


def username_after(response):
    """The claim in a refreshed access token, or the refusal."""
    return username_in(body_of(response)) if response.ok else answer(response)


def fields_of(schema, path):
    """The fields that the documentation names for the body of a POST there."""
    operation = schema.get("paths", {}).get(path, {}).get("post", {})
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    properties = schema.get("components", {}).get("schemas", {}).get(reference.rpartition("/")[2], {})
    fields = properties.get("properties", {})
    return sorted(name for name, field in fields.items() if not field.get("readOnly"))


def log_up_to_now(server):
    """The server's log, once it has the line of a request that is sent now."""
    mark = uuid.uuid4().hex
    get(server.url, f"/products/?{mark}")
    return server.log_with(mark)
