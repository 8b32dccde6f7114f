"""What a caller gets wrong in the Authorization header, and the exact response."""

from datetime import timedelta

import pytest
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

PROTECTED = "/user-orders/"
REFRESH = "/api/token/refresh/"
CHALLENGE = 'Bearer realm="api"'
NOT_PROVIDED = {"detail": "Authentication credentials were not provided."}
NOT_TWO_VALUES = {
    "detail": "Authorization header must contain two space-delimited values",
    "code": "bad_authorization_header",
}


def not_valid(reason):
    """The whole response to an access token that cannot be accepted for this reason."""
    message = {"token_class": "AccessToken", "token_type": "access", "message": reason}
    return {
        "detail": "Given token not valid for any token type",
        "code": "token_not_valid",
        "messages": [message],
    }


def assert_refused(response, body, *, token=None):
    """A 401 with this body. Its challenge gives a reason only where a token was read: `token` is that reason."""
    explained = f', error="invalid_token", error_description="{token}"' if token else ""
    assert response.status_code == 401
    assert response.json() == body
    assert response["WWW-Authenticate"] == CHALLENGE + explained


def assert_not_valid(response, reason):
    assert_refused(response, not_valid(reason), token=reason)


@pytest.fixture
def access_token(people):
    return AccessToken.for_user(people["ada"])


@pytest.fixture
def expired(access_token):
    access_token.set_exp(lifetime=timedelta(seconds=-1))
    return access_token


@pytest.fixture
def edited(access_token):
    signed, signature = str(access_token).rsplit(".", 1)
    # The first letter: in the last one some bits belong to no byte of the signature.
    return f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (None, NOT_PROVIDED),
        ("JWT {access}", NOT_PROVIDED),
        ("Token {access}", NOT_PROVIDED),
        ("bearer {access}", NOT_PROVIDED),
        ("{access}", NOT_PROVIDED),
        ("Bearer: {access}", NOT_PROVIDED),
        ("Bearer{access}", NOT_PROVIDED),
        ("Bearer", NOT_TWO_VALUES),
        ("Bearer {access} {access}", NOT_TWO_VALUES),
        ("Basic {access}", NOT_PROVIDED),
    ],
)
def test_a_header_mistake_is_refused_with_its_own_body(client, access_token, header, body):
    headers = {"Authorization": header.format(access=access_token)} if header else {}
    assert_refused(client.get(PROTECTED, headers=headers), body)


def test_a_value_that_is_no_token_is_refused(client, db):
    response = client.get(PROTECTED, headers={"Authorization": "Bearer garbage"})
    assert_not_valid(response, "Token is invalid")


def test_a_token_of_somebody_who_may_not_log_in_any_more_is_refused(client, people, access_token):
    header = {"Authorization": f"Bearer {access_token}"}
    people["ada"].is_active = False
    people["ada"].save()
    inactive = {"detail": "User is inactive", "code": "user_inactive"}
    assert_refused(client.get(PROTECTED, headers=header), inactive, token="User is inactive")
    people["ada"].delete()
    gone = {"detail": "User not found", "code": "user_not_found"}
    assert_refused(client.get(PROTECTED, headers=header), gone, token="User not found")


def test_an_expired_token_is_refused(client, expired):
    response = client.get(PROTECTED, headers={"Authorization": f"Bearer {expired}"})
    assert_not_valid(response, "Token is expired")


def test_an_edited_token_is_refused(client, edited):
    response = client.get(PROTECTED, headers={"Authorization": f"Bearer {edited}"})
    assert_not_valid(response, "Token is invalid")


def test_a_refresh_token_is_no_access_token(client, people):
    response = client.get(
        PROTECTED, headers={"Authorization": f"Bearer {RefreshToken.for_user(people['ada'])}"}
    )
    assert_not_valid(response, "Token has wrong type")


def test_an_access_token_is_no_refresh_token(client, access_token):
    response = client.post(REFRESH, {"refresh": str(access_token)})
    body = {"detail": "Token has wrong type", "code": "token_not_valid"}
    assert_refused(response, body, token="Token has wrong type")


def test_an_expired_token_is_refused_where_nobody_needs_one(client, expired):
    assert client.get("/products/").status_code == 200
    response = client.get("/products/", headers={"Authorization": f"Bearer {expired}"})
    assert_not_valid(response, "Token is expired")


def test_a_bad_token_is_refused_even_beside_a_session(client, people):
    client.force_login(people["ada"])
    assert client.get(PROTECTED).status_code == 200
    response = client.get(PROTECTED, headers={"Authorization": "Bearer garbage"})
    assert_not_valid(response, "Token is invalid")


def test_a_correct_header_is_accepted(client, access_token):
    assert client.get(PROTECTED, headers={"Authorization": f"Bearer {access_token}"}).status_code == 200
