"""What step 06 asks: a claim made anew at each refresh; nothing in a token or in the log that must not be there."""

import ast
import re

import pytest
import requests

from workshop.attacks import forged
from workshop.claims import claims_or_none
from workshop.expect import ENCODED_TOKEN, answer, body_of, expect, expect_each, leaked, texts_in

NO_CLAIM = "no claim username"
LETTERS = (
    "The claim is the user's name letter for letter: in another spelling it may be the name of somebody else."
)
NO_LOGIN = "The login itself gives no tokens: fix that first. Does get_token() return the token?"

# People of this step's own: the demo accounts stay as they are. Everything about mary differs from joan.
PASSWORD = "frankenstein-1818"
MARY, RENAMED = "mary<Shelley's&", "mary@Gen\u00e8v\uff45"  # the last letter is another e, of full width
ARRIVE = f"""
from datetime import timedelta
from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework_simplejwt.settings import api_settings
mary = User.objects.create_user(
    {MARY!r}, "mary@example.com", {PASSWORD!r}, first_name="Mary", last_name="Wollstonecraft", is_staff=True, is_superuser=True,
    last_login=timezone.now(), date_joined=timezone.now() - timedelta(days=400),
)
mary.groups.create(name="novelists")
mary.user_permissions.add(Permission.objects.first())
mary.orders.create()
User.objects.create_user("joan", password="maid-of-orleans-1412")
User.objects.create_user("percy", password={PASSWORD!r}, is_active=False)
print(api_settings.ROTATE_REFRESH_TOKENS)
"""
# OLDER becomes a refresh token as the server issued it before this step: without the claim, here with one of other code, and
# in its last minute. JOANS becomes one that has expired. And of both, tokens that this server never made, signed with its key:
# for another service, and by another issuer; and one of mary's for no service at all.
CHANGE = f"""
import time
from rest_framework_simplejwt.tokens import AccessToken
User.objects.filter(username={MARY!r}).update(username={RENAMED!r})
User.objects.create_user({MARY!r})
User.objects.filter(username="joan").delete()
if OLDER and JOANS:
    backend = AccessToken().get_token_backend()
    claims, joans = backend.decode(OLDER, verify=False) | {{"basket": "of three"}}, backend.decode(JOANS, verify=False)
    claims.pop("username", None)
    print(backend.encode(claims | {{"exp": int(time.time()) + 60}}), backend.encode(joans | {{"exp": int(time.time()) - 60}}))
    backend = getattr(backend, "backend", backend)  # this server's own is wrapped around the library's
    backend.audience, audience = "someone-else", backend.audience
    print(backend.encode(claims), backend.encode(joans))
    issuer, backend.audience, backend.issuer = backend.issuer, audience, "someone-else"
    print(backend.encode(claims), backend.encode(joans))
    backend.audience, backend.issuer = None, issuer
    print(backend.encode({{name: claims[name] for name in claims if name != "aud"}}))
"""
MISTYPED = "frankenstien-1818"  # nearly her password

# What a client could send with its login to become somebody else.
WISHES = {"user_id": "1", "sub": "1", "role": "admin", "is_staff": True}
NEW_EACH_TIME = ("exp", "iat", "nbf", "jti")
THE_USER = ("user_id", "sub", "username")  # the claims that may differ between two people
LIFETIME = 300  # seconds of an access token, on the server of these checks


@pytest.fixture
def url(lasting):
    """These checks are not about expiry."""
    return lasting.url


@pytest.fixture(scope="module")
def people(lasting):
    """What mary and joan got when they logged in. Since then mary has another name, somebody else has hers, and joan is deleted.

    `older` is the response to a refresh token of mary's from before this step, `foreign` those to joan's expired one and to the four of somebody else,
    `for_nobody` that to one without aud.
    """
    rotates = lasting.shell(ARRIVE).split()[-1] == "True"
    bodies = {
        "mary": login(lasting.url, MARY, password=PASSWORD),
        "mary again": login(lasting.url, MARY, password=PASSWORD),
        "joan": login(lasting.url, "joan", password="maid-of-orleans-1412"),
    }
    older = login(lasting.url, MARY, password=PASSWORD).get("refresh")
    said = lasting.shell(f"OLDER, JOANS = {older!r}, {bodies['joan'].get('refresh')!r}\n{CHANGE}").split()
    older, *foreign, for_nobody = [
        refresh(lasting.url, {"refresh": token}) for token in said[-7:] or [None] * 7
    ]
    return bodies | {"rotates": rotates, "older": older, "foreign": foreign, "for_nobody": for_nobody}


def test_the_access_token_carries_the_username(url, people):
    body = login(url, "ada")
    got = username_in(body)
    if "access" not in body:
        means = NO_LOGIN
    elif got == NO_CLAIM and "username" in body:
        means = (
            "It is in the response to the login, and in no token: "
            "validate() makes the response, get_token() makes the token."
        )
    elif got == NO_CLAIM:
        means = (
            "Neither the response nor the token knows the name. Which view does drf_course/urls.py name? And is it the token that "
            "get_token() gives back that you write into? token.access_token makes another one, each time."
        )
    else:
        means = "The claim is the user's name in the database, a string."
    expect(got, "ada", sent=f"{LOGIN} as ada, and decoded the access token", means=means, see="06, section 2")
    sent = f"{LOGIN} as {MARY}, and decoded the access token"
    expect(username_in(people["mary"]), MARY, sent=sent, means=LETTERS, see="06, section 2")


def test_the_claim_survives_a_refresh(url, people):
    body = login(url, "ada")
    got = username_after(refresh(url, body))
    if "refresh" not in body:
        means = NO_LOGIN
    elif username_in(body) == NO_CLAIM:
        means = "There was no claim yet that could survive: begin with the login."
    elif username_in(body) != "ada":
        means = "The claim of the login is not the user's name yet, as text: begin there."
    elif got == NO_CLAIM:
        means = (
            "A new access token is made from the refresh token, not from the old access token. "
            "The claim was on the access token only, so the first refresh lost it."
        )
    elif isinstance(got, tuple) and people["for_nobody"].ok:
        means = (
            "Your refresh does not ask for the audience (aud): without it, jwt.decode() refuses every token that has one, as this "
            "server's own have. self.token_class(text) asks for the audience, the issuer and the type."
        )
    else:
        means = "An honest refresh gives a new access token, and it has the user's name as the one of the login had."
    sent = f"{LOGIN} as ada, then {REFRESH}, and decoded the new access token"
    expect(got, "ada", sent=sent, means=means, see="06, section 3")


def test_a_renamed_user_has_the_new_name_after_a_refresh(url, lasting, people):
    response = refresh(url, people["mary"])
    got = username_after(response)
    if "refresh" not in people["mary"]:
        means = NO_LOGIN
    elif got == MARY:
        means = (
            "That is the name from the login, and of another user by now. simplejwt copies the claims of the refresh token and "
            "asks nobody, so they are stale until the refresh token dies. Make the claim anew from the user, whatever it says, "
            "in a refresh view that urls.py names."
        )
    else:
        means = f"At a refresh the claim is made from the user as it is then. {LETTERS}"
    sent = f"{LOGIN} as {MARY}, then renamed her to {RENAMED} and gave her old name to somebody else, then {REFRESH}"
    expect(got, RENAMED, sent=sent, means=means, see="06, section 4")
    sent = (
        f"{REFRESH} with a refresh token of hers that has no claim username, as those from before this step"
    )
    means = "Make the claim at each refresh, whatever the refresh token says of it: the older tokens live on for a day."
    expect(username_after(people["older"]), RENAMED, sent=sent, means=means, see="06, section 4")
    latest = people["mary"] | body_of(response)
    lasting.sql("UPDATE api_user SET username = ? WHERE username = ?", "mary.godwin", RENAMED)
    got = username_after(refresh(url, latest))
    sent = f"{REFRESH} once more, when she had been renamed again, to mary.godwin"
    means = "That is her name at the refresh before: a cache or a class remembers it. Ask the database at each refresh."
    expect(got, "mary.godwin", sent=sent, means=means, see="06, section 4")


def test_a_deleted_user_cannot_refresh(url, people):
    response = refresh(url, people["joan"])
    if "refresh" not in people["joan"]:
        means = NO_LOGIN
    elif response.status_code >= 500 or body_of(response).get("code") == "no_active_account":
        means = (
            "The refresh looked the user up and did not expect to find nobody. super().validate() does not either, and only the "
            "shop's handler makes a refusal of it: yours refuses by itself, and first, as JWTAuthentication().get_user() does."
        )
    elif response.status_code == 401 and "code" not in body_of(response):
        means = (
            "The status is right, and the body has no code: the exceptions of rest_framework.exceptions put only `detail` "
            "there. Those of rest_framework_simplejwt.exceptions have a `code` as well."
        )
    else:
        means = "A refresh token outlives its user. Reject it as an access token of that user is rejected."
    sent = f"{LOGIN} as joan, then deleted joan, then {REFRESH}"
    got = (response.status_code, body_of(response).get("code"))
    expect(got, (401, "user_not_found"), sent=sent, means=means, see="06, section 4")


def test_a_refresh_token_is_verified_before_it_is_believed(url, people):
    joan, (expired, elsewhere, joans_elsewhere, by_another, joans_by_another) = (
        people["joan"],
        people["foreign"],
    )
    tells = (
        "A refresh that looks for the user first tells a stranger, who can write any id into a token, which accounts "
        "exist. Verify the signature, and that it is a refresh token, before you believe a claim."
    )
    half = (
        "Your key signed this token, and yet it is none of this server's: signature and expiry are half of what is to be "
        "verified. self.token_class(text) looks at iss, aud and the type as well."
    )
    no_audience, no_issuer = (
        f"Your refresh does not ask for the {claim}. {half}" if response.ok else half
        for claim, response in (("audience (aud)", elsewhere), ("issuer (iss)", by_another))
    )
    first = (
        "Who sends a token that is not good for this server learns nothing, not even that its user is gone. Verify all of it, "
        "and look for the user then."
    )
    forgery, access = (
        refresh(url, {"refresh": token}) for token in (forged(joan.get("refresh", "..")), joan.get("access"))
    )
    for sent, response, means in (
        ("joan's refresh token and a signature of another key", forgery, tells),
        ("joan's access token", access, tells),
        ("a well signed refresh token made for another service (aud)", elsewhere, no_audience),
        ("a well signed refresh token of another issuer (iss)", by_another, no_issuer),
        ("joan's refresh token, a minute after its expiry", expired, first),
        ("joan's refresh token, but for another service (aud)", joans_elsewhere, first),
        ("joan's refresh token, but of another issuer (iss)", joans_by_another, first),
    ):
        if "refresh" not in joan:
            means = NO_LOGIN
        sent = f"{REFRESH} with {sent}, after joan was deleted"
        got = (response.status_code, body_of(response).get("code"))
        expect(got, (401, "token_not_valid"), sent=sent, means=means, see="06, section 4")


def test_the_username_is_the_only_new_claim_about_the_user(url, people):
    found = []
    for kind in ("access", "refresh"):
        first, second, other = (claims(people[each], kind) for each in ("mary", "mary again", "joan"))
        found += [f"{name} in the {kind} token" for name in telling(first, second, other)]
    renewed = claims_in(refresh(url, people["mary"]))
    known = claims(people["mary"], "access").keys() | claims(people["mary"], "refresh").keys()
    found += [f"{name} in the refreshed access token" for name in sorted(renewed.keys() - known)]
    expect(
        ", ".join(found) or "no other claim about her",
        "no other claim about her",
        sent=f"{LOGIN} as mary and as joan, and looked for claims that are the same at each login and differ between the two",
        means=(
            "A payload is signed, not encrypted: whoever holds the token reads this with no key, and believes it for as long as "
            "the token lives. A hash can be guessed at home; a role is as old as the token. The user's name is enough."
        ),
        see="06, section 5",
    )


def telling(first, second, other):
    """The claims that say something about the user, beside the name and the id."""
    told = (name for name in first if name not in (*NEW_EACH_TIME, *THE_USER))
    return sorted(name for name in told if first[name] == second.get(name) and first[name] != other.get(name))


def test_a_client_cannot_write_claims(url, lasting):
    names = names_in(lasting.tree / "drf_course")
    fields = dict.fromkeys(names, "a wish") | WISHES
    one, two = login(url, "ada"), login(url, "ada")
    for sent, plain, body in (
        (f"{LOGIN} as ada with spaces around the name", one, {"username": " ada ", "password": "test"}),
        (
            f"{REFRESH} with the username admin",
            body_of(refresh(url, one)),
            {"refresh": two.get("refresh"), "username": "admin"},
        ),
    ):
        plain = claims(plain, "access")
        wished = claims_in(post(url, sent.split()[1], fields | body, **around(names)))
        written = sorted(
            name
            for name in plain.keys() | wished.keys()
            if name not in NEW_EACH_TIME and plain.get(name) != wished.get(name)
        )
        expect(
            ", ".join(written) or "no other claim",
            "no other claim",
            sent=(
                f"{sent}, with {', '.join(WISHES)} and every name that your files hold as a further field, and those names "
                "as a header, a cookie and a part of the address, and compared the claims with those of a plain request"
            ),
            means="The client wrote these, and you signed them: now they count as the truth. Take claims from the user.",
            see="06, section 5",
        )


def names_in(folder):
    """Every text in these files that could name a field, a header or a cookie; not what an honest request has already."""
    files = [
        file for file in folder.rglob("*.py") if file.name not in ("settings.py", "environment.py", "wsgi.py")
    ]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_bytes()))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {text.removeprefix("HTTP_") for text in texts if re.fullmatch(r"[A-Za-z][\w-]*", text, re.ASCII)}
    return sorted(name for name in names if not HONEST.fullmatch(name))


HONEST = re.compile(
    "username|password|refresh|format|authorization|host|cookie|connection|expect|origin", re.IGNORECASE
)


def around(names):
    """What a request can say beside its body, with each of the names."""
    headers = [
        name.replace("_", "-") for name in names if not name.lower().startswith(("content", "transfer"))
    ]
    return {
        "headers": dict.fromkeys(headers[-80:], "a wish")
        | {"User-Agent": "a wish", "Host": "wish.localhost"},
        "cookies": dict.fromkeys(names, "wish"),
        "params": dict.fromkeys([*names, "wish"], "a wish"),
    }


def test_every_other_claim_stays_as_simplejwt_made_it(url, people):
    body = login(url, "ada")
    before = claims(body, "access")
    last = claims_in(people["older"])
    named = before.get("user_id")
    means = (
        "simplejwt writes the id of the user as text, whatever it is in the database: RefreshToken.for_user() does. Take what "
        "super().get_token(user) gives, and add your claim to it."
    )
    sent = f"{LOGIN} as ada, and decoded the claim user_id of the access token"
    kind = "text" if isinstance(named, str) else "number"
    expect(f"the {kind} {named}", f"the text {named}", sent=sent, means=means, see="06, section 2")
    known = [before.get("jti"), claims(body, "refresh").get("jti")]
    wanted = {"token_type": "access", "lifetime": LIFETIME, "jti": "one of its own"}
    wanted |= {name: before.get(name) for name in ("user_id", "iss", "aud")}
    expect_each(
        told_by(claims_in(refresh(url, body)), known),
        wanted,
        sent=f"{LOGIN} as ada, then {REFRESH}, and compared the other claims of the new access token",
        means="refresh.access_token makes the new token: with a jti, a lifetime and a type of its own. Add your claim and leave the rest.",
        see="06, section 3",
    )
    expect_each(
        told_by(last, known),
        {"basket": "of three"} | ({"lifetime": LIFETIME} if last else {}),
        sent=f"{REFRESH} with a refresh token in its last minute that has one more claim, basket, and decoded the new access token",
        means=(
            "simplejwt copies what it finds in the refresh token, and an access token lives as long as ACCESS_TOKEN_LIFETIME "
            "says, also the last one. Let refresh.access_token make it."
        ),
        see="06, section 3",
    )


def told_by(renewed, known):
    """The other claims of an access token, with its seconds: simplejwt reads the clock twice, so there may be one less."""
    lives = renewed.get("exp", 0) - renewed.get("iat", 0)
    own = renewed.get("jti") not in (None, *known)
    told = {name: renewed.get(name) for name in ("token_type", "user_id", "iss", "aud", "basket")}
    return told | {
        "lifetime": LIFETIME if 0 <= LIFETIME - lives <= 1 else lives,
        "jti": "one of its own" if own else "none of its own",
    }


def test_a_refresh_gives_no_new_life_to_the_refresh_token(url, people):
    responses = {
        f"{LOGIN} as ada, then {REFRESH}": refresh(url, login(url, "ada")),
        f"{REFRESH} with a refresh token in its last minute": people["older"],
    }
    for sent, response in responses.items():
        # With a later step's setting the library itself gives a new one.
        wanted = ["access"] if not people["rotates"] else ["access", "refresh"]
        got = sorted(name for name in body_of(response) if name in ("access", "refresh"))
        means = (
            "A refresh token that comes with each refresh has a full life each time: a stolen one works forever. The "
            "response to a refresh holds an access token."
        )
        if "access" not in got:
            means = "The refresh itself gives no access token: fix that first."
        sent += ", and looked which tokens the response holds"
        expect(got, wanted, sent=sent, means=means, see="06, section 3")


def test_no_attack_on_the_list_succeeds(url, people, attacks):
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see="06, section 4")
    means = (
        "super().validate() asks authenticate(), which compares the password and refuses who is not active. "
        "A login of your own must do both."
    )
    for sent, name, password in (
        ("as percy, who was deactivated, with his right password", "percy", PASSWORD),
        ("as ada with a wrong password", "ada", MISTYPED),
    ):
        response = post(url, "/api/token/", {"username": name, "password": password})
        tokens = ", ".join(sorted({"access", "refresh"} & body_of(response).keys())) or "no token"
        got = (response.status_code, tokens)
        expect(got, (401, "no token"), sent=f"{LOGIN} {sent}", means=means, see="06, section 4")


def test_no_token_and_no_password_is_in_the_log(lasting, people, said):
    url = lasting.url
    body = login(url, "ada")
    renewed = body_of(refresh(url, body))
    joans = people["joan"].get("refresh")
    for path, wrong in (  # refused by the lookup, or before it: the form is not even complete
        ("/api/token/", {"username": RENAMED, "password": MISTYPED}),
        ("/api/token/", {"password": MISTYPED}),
        ("/api/token/refresh/", {"refresh": joans}),
        ("/api/token/refresh/", {"refresh": [joans]}),
    ):
        post(url, path, wrong)
    secrets = {
        "the access token": body.get("access"),
        "the refresh token": body.get("refresh"),
        "the refreshed access token": renewed.get("access"),
        "mary's password": PASSWORD,
        "the password of a refused login": MISTYPED,
        "the refresh token of a refused refresh": joans,
    }
    log = said.by_server(lasting)
    text = "\n".join([log, *texts_in(lasting.tree)])
    found = leaked(text, secrets) or ([A_TOKEN] if ENCODED_TOKEN.search(text) else [])
    expect(
        ", ".join(found) or "no secret",
        "no secret",
        sent=f"{LOGIN} as ada and as mary, then {REFRESH}, some of each that are refused, and read the server's log and the files in its folder",
        means=(
            "Whoever reads the log can use them: a token until it expires, a password for longer, and a mistyped one is "
            "nearly the right one. Take the print() or the log line out. A token object is no exception: print(), str() and %s "
            "make its whole signed text, with or without your claim."
        ),
        see="06, section 6",
    )


A_TOKEN = "a signed token that is in no response"


def test_the_token_endpoints_ask_for_no_token(url):
    old = {"Authorization": "Bearer of-a-token-long-gone"}
    account, renewal = {"username": "ada", "password": "test"}, {"refresh": login(url, "ada").get("refresh")}
    got = {
        LOGIN: answer(post(url, "/api/token/", account, headers=old)),
        REFRESH: answer(post(url, "/api/token/refresh/", renewal, headers=old)),
    }
    means = (
        "A client whose access token has died still has it in its header. simplejwt's own views look at the body only: "
        "make yours from them, and give it another serializer_class."
    )
    sent = "a right body, and a dead token in the header Authorization"
    expect_each(got, dict.fromkeys(got, (200, None)), sent=sent, means=means, see="06, section 2")


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
    means = "urls.py holds every address of the server. Change the views of two lines, and keep the others."
    each = "a response from each"
    expect(", ".join(silent) or each, each, sent=", ".join(asked), means=means, see="06, section 2")
    schema = body_of(get(url, "/api/schema/?format=json"))
    means = (
        "drf-spectacular cannot see what the view reads, so Swagger UI offers no field. simplejwt's view does all "
        "that yours needs: give it another serializer_class."
    )
    got = {path: fields_of(schema, path) for path in ("/api/token/", "/api/token/refresh/")}
    wanted = {"/api/token/": ["password", "username"], "/api/token/refresh/": ["refresh"]}
    expect(got, wanted, sent="GET /api/schema/", means=means, see="06, section 2")


LOGIN, REFRESH = "POST /api/token/", "POST /api/token/refresh/"


def get(url, path):
    return requests.get(f"{url}{path}", timeout=5)


def post(url, path, body, **request):
    return requests.post(f"{url}{path}", json=body, timeout=5, **request)


def login(url, name, **more):
    return body_of(post(url, "/api/token/", {"username": name, "password": "test"} | more))


def refresh(url, body):
    return post(url, "/api/token/refresh/", {"refresh": body.get("refresh")})


def claims(body, kind):
    """What that token of a response says; nothing when there is no such token."""
    return claims_or_none(body.get(kind))


def claims_in(response):
    return claims(body_of(response), "access")


def username_in(body):
    return claims(body, "access").get("username", NO_CLAIM)


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
