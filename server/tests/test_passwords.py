"""How passwords are stored, and that older hashes still log in."""

import argon2
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password

LOGIN = {"username": "ada", "password": "test"}


@pytest.fixture
def ada(django_user_model, db):
    """ada with a hash of Django's default kind; a few rounds only, because the kind is what matters."""
    old = PBKDF2PasswordHasher().encode("test", salt="salt" * 6, iterations=1000)
    return django_user_model.objects.create(username="ada", password=old)


def test_a_wrong_password_fails_on_an_old_hash(client, ada):
    response = client.post("/api/token/", LOGIN | {"password": "wrong"})
    assert response.status_code == 401
    assert response.json() == {"detail": "No active account found with the given credentials"}


def test_an_old_hash_logs_in_and_is_replaced(client, ada):
    assert client.post("/api/token/", LOGIN).status_code == 200
    ada.refresh_from_db()
    assert ada.password.startswith("argon2$argon2id$")
    assert client.post("/api/token/", LOGIN).status_code == 200


def test_a_new_hash_is_argon2id_at_owasps_minimum():
    found = argon2.extract_parameters(make_password("test").removeprefix("argon2"))
    assert found.type is argon2.Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
