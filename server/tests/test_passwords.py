"""How passwords are stored, and that older hashes still log in."""

import secrets
import threading

import argon2
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from hardening.hashers import CORES, Argon2idHasher, share_cores

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


@pytest.mark.parametrize("debug", ["1", "0"])
def test_a_new_hash_is_argon2id_at_owasps_minimum(hashed, debug):
    assert hashed(DJANGO_DEBUG=debug, QUICK_HASHES="0") == (argon2.Type.ID, 19 * 1024, 2, 1)


@pytest.mark.parametrize(("debug", "memory"), [("1", 64), ("0", 19 * 1024)])
def test_quick_hashes_are_for_development_alone(hashed, debug, memory):
    kind, found, *_ = hashed(DJANGO_DEBUG=debug, QUICK_HASHES="1")
    assert (kind, found) == (argon2.Type.ID, memory)


@pytest.fixture
def hashed(manage):
    """How a server with these variables hashes a password: kind, memory in KiB, passes and lanes."""

    def found(**variables):
        code = "from django.contrib.auth.hashers import make_password; print(make_password('test'))"
        key = {"DJANGO_SECRET_KEY": secrets.token_urlsafe(64)}
        said = manage("shell", "--verbosity", "0", "--command", code, **key, **variables).stdout
        parameters = argon2.extract_parameters(said.strip().removeprefix("argon2"))
        return parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism

    return found


@pytest.mark.parametrize("act", ["encode", "verify"])
def test_a_hash_waits_for_its_turn(monkeypatch, act):
    monkeypatch.setattr(Argon2idHasher, "turns", Argon2idHasher.turns)  # put back in the end
    share_cores(CORES)
    hasher = Argon2idHasher()
    arguments = ("test", hasher.salt() if act == "encode" else hasher.encode("test", hasher.salt()))
    other = threading.Thread(target=getattr(hasher, act), args=arguments)
    with Argon2idHasher.turns:
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive()
    other.join(timeout=10)
    assert not other.is_alive()


@pytest.mark.parametrize(("processes", "turns"), [(1, CORES), (CORES, 1), (10 * CORES, 1)])
def test_the_processes_of_a_server_share_the_cores(monkeypatch, processes, turns):
    monkeypatch.setattr(Argon2idHasher, "turns", None)
    share_cores(processes)
    taken = [Argon2idHasher.turns.acquire(blocking=False) for _ in range(CORES + 1)]
    assert sum(taken) == turns
