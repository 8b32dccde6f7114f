"""What a login by token leaves in the database, and what follows for password resets."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from rest_framework_simplejwt import serializers


@pytest.fixture
def ada(django_user_model, db):
    return django_user_model.objects.create_user("ada", password="test")


def link_outlives_a_login(client, user):
    link = default_token_generator.make_token(user)
    assert client.post("/api/token/", {"username": "ada", "password": "test"}).status_code == 200
    user.refresh_from_db()
    return default_token_generator.check_token(user, link)


def test_a_password_reset_link_outlives_a_login_by_token(client, ada):
    assert link_outlives_a_login(client, ada)
    assert ada.last_login is None


def test_with_the_setting_a_login_ends_it(client, ada, monkeypatch):
    monkeypatch.setattr(serializers.api_settings, "UPDATE_LAST_LOGIN", True)
    assert not link_outlives_a_login(client, ada)
    assert ada.last_login is not None
