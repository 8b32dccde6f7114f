"""Requests that a stock server answers with 500, or in HTML: each with its status, its sentence and its code."""

import json

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from drf_course.simple_jwt import SIMPLE_JWT
from drf_course.urls import urlpatterns as shop
from hardening.parsers import DEEPEST, too_deep
from testkit.hostile.signing import signed

OBTAIN = "/api/token/"
REFRESH = "/api/token/refresh/"
VERIFY = "/api/token/verify/"
PROTECTED = "/user-orders/"
CALENDAR_END = 253_402_300_799  # the last second of the year 9999
MISSING = "(missing)"


class LearnersRefreshSerializer(TokenRefreshSerializer):
    def validate(self, attrs):
        return super().validate(attrs) | {"role": "customer"}


class LearnersRefreshView(TokenRefreshView):
    serializer_class = LearnersRefreshSerializer


class BrokenLoginView(TokenObtainPairView):
    """A view with a mistake in it."""

    def get_serializer(self, *args, **kwargs):
        return 1 + "1"


learners_urls = type(
    "urls",
    (),
    {
        "urlpatterns": [
            path("learners/refresh/", LearnersRefreshView.as_view()),
            path("learners/broken/", BrokenLoginView.as_view()),
            path("learners/page/", lambda request: HttpResponse("no", status=403)),
            *shop,
        ]
    },
)


def post(client, address, body, **headers):
    return client.post(address, body, content_type="application/json", headers=headers)


def changed(token, claims):
    """The token with these claims instead of its own, rightly signed."""
    for claim, value in claims.items():
        token.payload.pop(claim, None)
        if value != MISSING:
            token.payload[claim] = value
    return signed(token.payload, SIMPLE_JWT["SIGNING_KEY"])  # the library would not sign some of them


def assert_refused(response, status, detail, code):
    assert (response.status_code, response.json()) == (status, {"detail": detail, "code": code})


@pytest.mark.parametrize("address", [OBTAIN, REFRESH, VERIFY])
@pytest.mark.parametrize(
    "body",
    # The second one is whole: from Python 3.14 on, its decoder reads that far.
    ["[" * 100_000, '{"a":' * 16_000 + "1" + "}" * 16_000, '{"username": ' + "[" * 33 + "]" * 33 + "}"],
)
def test_deeply_nested_json_is_a_400(client, db, address, body):
    detail = "JSON parse error - lists and objects are nested too deeply."
    assert_refused(post(client, address, body), 400, detail, "nested_too_deeply")


def test_depth_is_counted_the_same_on_every_python():
    at_the_limit, beyond = ["x"], ["x"]
    for _ in range(DEEPEST - 1):
        at_the_limit = [at_the_limit]
    for number in range(DEEPEST):
        beyond = [beyond] if number % 2 else {"a": beyond}
    assert (too_deep(at_the_limit), too_deep(beyond), too_deep("x"), too_deep([])) == (
        False,
        True,
        False,
        False,
    )


CLAIMS = [
    ({"exp": 1e308}, "Token has an unusable 'exp' claim"),
    ({"exp": 10**40}, "Token has an unusable 'exp' claim"),
    ({"exp": CALENDAR_END + 86_400}, "Token has an unusable 'exp' claim"),
    ({"exp": "4102444800"}, "Token has an unusable 'exp' claim"),
    ({"exp": None}, "Token is invalid"),
    ({"exp": MISSING}, "Token has no 'exp' claim"),
    ({"jti": MISSING}, "Token has no id"),
    ({"jti": "a\0"}, "Token has an unusable 'jti' claim"),
    ({"jti": "a" * 256}, "Token has an unusable 'jti' claim"),
    ({"iss": 5}, "Token has an unusable 'iss' claim"),
    ({"user_id": "word"}, "Token has an unusable 'user_id' claim"),
    ({"user_id": ["1"]}, "Token has an unusable 'user_id' claim"),
    ({"user_id": {"id": 1}}, "Token has an unusable 'user_id' claim"),
    ({"user_id": "1\0"}, "Token has an unusable 'user_id' claim"),
    ({"user_id": "\ud800"}, "Token has an unusable 'user_id' claim"),
    ({"user_id": True}, "Token has an unusable 'user_id' claim"),
    ({"user_id": 1.5}, "Token has an unusable 'user_id' claim"),
    ({"x": json.loads("[" * 40 + "]" * 40)}, "Token is nested too deeply"),
]


@pytest.mark.parametrize(("claims", "reason"), CLAIMS, ids=[str(claims)[:40] for claims, _ in CLAIMS])
def test_unusable_claims_are_a_401_everywhere(client, people, claims, reason):
    refresh = changed(RefreshToken.for_user(people["ada"]), claims)
    access = changed(AccessToken.for_user(people["ada"]), claims)
    assert_refused(client.post(REFRESH, {"refresh": refresh}), 401, reason, "token_not_valid")
    assert_refused(client.post(VERIFY, {"token": refresh}), 401, reason, "token_not_valid")
    assert_refused(client.post(VERIFY, {"token": access}), 401, reason, "token_not_valid")
    response = client.get(PROTECTED, headers={"Authorization": f"Bearer {access}"})
    assert (response.status_code, response.json()["messages"][0]["message"]) == (401, reason)
    assert f'error="invalid_token", error_description="{reason}"' in response["WWW-Authenticate"]


@pytest.mark.parametrize("user_id", [MISSING, None, 0])
def test_a_refresh_token_of_nobody_makes_no_access_token(client, people, user_id):
    refresh = changed(RefreshToken.for_user(people["ada"]), {"user_id": user_id})
    detail = "Token contained no recognizable user identification"
    assert_refused(client.post(REFRESH, {"refresh": refresh}), 401, detail, "token_not_valid")


@pytest.mark.parametrize("user_id", [MISSING, None])
def test_an_access_token_of_nobody_is_refused_in_the_librarys_own_words(client, people, user_id):
    access = changed(AccessToken.for_user(people["ada"]), {"user_id": user_id})
    response = client.get(PROTECTED, headers={"Authorization": f"Bearer {access}"})
    expected = "User not found" if user_id is None else "Token contained no recognizable user identification"
    assert (response.status_code, response.json()["detail"]) == (401, expected)


@pytest.mark.parametrize("address", [REFRESH, "/learners/refresh/"])
def test_the_refresh_token_of_a_deleted_user_is_a_401_in_any_view(client, people, settings, address):
    settings.ROOT_URLCONF = learners_urls
    refresh = str(RefreshToken.for_user(people["ada"]))
    assert client.post(address, {"refresh": refresh}).status_code == 200
    people["ada"].delete()
    response = client.post(address, {"refresh": refresh})
    assert_refused(response, 401, "No active account found for the given token.", "no_active_account")
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


def test_verify_still_looks_at_no_user(client, people):
    token = str(RefreshToken.for_user(people["ada"]))
    people["ada"].delete()
    assert (
        client.post(VERIFY, {"token": token}).status_code,
        client.post(VERIFY, {"token": token}).json(),
    ) == (200, {})


@pytest.mark.parametrize("size", [100_001, 10_000_000])
@pytest.mark.parametrize("address", [OBTAIN, "/products/", "/admin/login/", "/nowhere/"])
def test_a_body_over_the_limit_is_a_413(client, db, address, size):
    response = post(client, address, b"a" * size)
    assert_refused(response, 413, "The body of this request is too large.", "body_too_large")


def test_the_longest_password_that_fits_is_a_wrong_password(client, db):
    response = client.post(OBTAIN, {"username": "ada", "password": "a" * 99_000}, format="json")
    assert (response.status_code, response.json()["detail"][:17]) == (401, "No active account")


def test_a_form_of_too_many_fields_is_a_400(client, db):
    body = "&".join(f"f{number}=1" for number in range(5000))
    response = client.post(OBTAIN, body, content_type="application/x-www-form-urlencoded")
    assert (response.status_code, response.json()) == (400, {"detail": "The request cannot be read."})


@pytest.mark.parametrize("address", [OBTAIN, "/products/", "/admin/", "/nowhere/"])
def test_a_query_of_too_many_fields_is_a_400(client, db, address):
    response = client.get(f"{address}?{'&'.join(f'f{number}=1' for number in range(5000))}")
    assert_refused(response, 400, "The query has too many fields.", "too_many_fields")


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_address_is_a_404_in_json_for_a_program_and_a_page_for_a_reader(
    client, db, settings, debug
):
    settings.DEBUG = debug
    response = client.get("/nowhere/")
    assert_refused(response, 404, "There is nothing at this address.", "not_found")
    assert response["Content-Type"] == "application/json"
    page = client.get("/nowhere/", headers={"Accept": "text/html"})
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (404, "text/html")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_write_without_the_last_slash_is_a_404_that_names_the_slash(client, db, settings, debug, method):
    settings.DEBUG = debug
    response = getattr(client, method)("/api/token", {"username": "ada", "password": "test"})
    detail = "There is nothing at this address. Did you mean /api/token/ with a slash at its end?"
    assert_refused(response, 404, detail, "not_found")


def test_a_read_without_the_last_slash_is_redirected(client, db):
    response = client.get("/products")
    assert (response.status_code, response["Location"]) == (301, "/products/")


@pytest.mark.parametrize("debug", [True, False])
def test_an_unknown_host_is_a_400(client, db, settings, debug):
    settings.DEBUG = debug
    response = client.get("/products/", headers={"Host": "elsewhere.example"})
    assert_refused(response, 400, "This request cannot be read.", "bad_request")


def test_a_post_of_a_form_without_its_csrf_token_is_a_403(db):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/api-auth/login/", {"username": "ada"})
    assert_refused(response, 403, "You may not do this here.", "permission_denied")


@pytest.mark.parametrize("address", ["/api/schema/", "/api/schema/swagger-ui/"])
def test_a_refusal_is_json_where_other_responses_are_not(client, db, address):
    response = client.get(address, headers={"Authorization": "Bearer garbage"})
    assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")
    assert client.options(address).json()["name"]


@pytest.mark.parametrize("address", [OBTAIN, REFRESH, VERIFY, "/learners/refresh/"])
def test_no_response_of_a_token_endpoint_may_be_cached(client, people, settings, address):
    settings.ROOT_URLCONF = learners_urls
    refresh = str(RefreshToken.for_user(people["ada"]))
    for body in ({}, {"refresh": refresh, "token": refresh}):
        assert client.post(address, body)["Cache-Control"] == "no-store"
    assert "Cache-Control" not in client.get("/products/").headers


@pytest.mark.parametrize("cookie", ['"\\000aaaaaaaaaaa"', "aaaa aaaa aaaa", "é" * 10, "a" * 5000])
def test_an_impossible_session_cookie_is_nobody(client, db, cookie):
    response = client.get(PROTECTED, headers={"Cookie": f"sessionid={cookie}"})
    assert (response.status_code, response.json()["detail"][:26]) == (401, "Authentication credentials")


def test_a_fault_of_the_server_is_not_hidden(client, db):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=learners_urls, DEBUG=True):
        response = client.post("/learners/broken/", {"username": "ada", "password": "test"})
    assert response.status_code == 500
    assert "unsupported operand" in response.text
