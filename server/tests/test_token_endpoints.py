"""Obtain, refresh and verify."""

from datetime import timedelta

import pytest
from django.urls import reverse
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from drf_course.simple_jwt import SIMPLE_JWT

OBTAIN = "/api/token/"
REFRESH = "/api/token/refresh/"
VERIFY = "/api/token/verify/"
NO_ACCOUNT = {"detail": "No active account found with the given credentials"}
REQUIRED = ["This field is required."]


@pytest.fixture
def ada(django_user_model, db):
    return django_user_model.objects.create_user("ada", password="test")


@pytest.mark.parametrize(("username", "password"), [("ada", "wrong"), ("nobody", "test"), ("Ada", "test")])
def test_wrong_credentials_obtain_nothing(client, ada, username, password):
    response = client.post(OBTAIN, {"username": username, "password": password})
    assert (response.status_code, response.json()) == (401, NO_ACCOUNT)


def test_an_inactive_user_obtains_nothing(client, ada, django_user_model):
    django_user_model.objects.update(is_active=False)
    response = client.post(OBTAIN, {"username": "ada", "password": "test"})
    assert (response.status_code, response.json()) == (401, NO_ACCOUNT)


def test_empty_credentials_name_both_fields(client, db):
    response = client.post(OBTAIN, {})
    assert (response.status_code, response.json()) == (400, {"username": REQUIRED, "password": REQUIRED})


def test_a_refresh_without_a_token_names_the_field(client):
    response = client.post(REFRESH, {})
    assert (response.status_code, response.json()) == (400, {"refresh": REQUIRED})


def test_a_token_endpoint_answers_no_get(client):
    response = client.get(OBTAIN)
    assert (response.status_code, response.json()) == (405, {"detail": 'Method "GET" not allowed.'})


def test_an_expired_refresh_token_is_refused(client, ada):
    refresh_token = RefreshToken.for_user(ada)
    refresh_token.set_exp(lifetime=timedelta(seconds=-1))
    response = client.post(REFRESH, {"refresh": str(refresh_token)})
    assert (response.status_code, response.json()["detail"]) == (401, "Token is expired")


def test_verify_refuses_garbage(client):
    response = client.post(VERIFY, {"token": "garbage"})
    assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")


def test_the_right_password_obtains_a_pair_of_the_right_types(client, ada):
    pair = client.post(OBTAIN, {"username": "ada", "password": "test"}).json()
    assert set(pair) == {"access", "refresh"}
    assert AccessToken(pair["access"])["user_id"] == str(ada.pk)
    assert RefreshToken(pair["refresh"])["user_id"] == str(ada.pk)


def test_a_refresh_answers_an_access_token_only(client, ada):
    response = client.post(REFRESH, {"refresh": str(RefreshToken.for_user(ada))}).json()
    assert set(response) == {"access"}
    assert AccessToken(response["access"])["user_id"] == str(ada.pk)


def test_verify_accepts_both_types(client, ada):
    for token in (AccessToken.for_user(ada), RefreshToken.for_user(ada)):
        response = client.post(VERIFY, {"token": str(token)})
        assert (response.status_code, response.json()) == (200, {})


def test_the_five_settings_are_the_lectures(settings):
    lecture = {
        "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
        "REFRESH_TOKEN_LIFETIME": timedelta(days=1),
        "ALGORITHM": "HS256",
        "SIGNING_KEY": settings.SECRET_KEY,
        "AUTH_HEADER_TYPES": ("Bearer",),
    }
    assert lecture == SIMPLE_JWT


def test_the_url_names_are_the_lectures():
    assert reverse("token_obtain_pair") == OBTAIN
    assert reverse("token_refresh") == REFRESH
    assert reverse("token_verify") == VERIFY
    assert reverse("product-list") == "/products/"
    assert reverse("product-detail", kwargs={"product_id": 7}) == "/products/7/"
    assert reverse("product-info") == "/products/info/"
    assert reverse("order-list") == "/orders/"
    assert reverse("user-orders") == "/user-orders/"
