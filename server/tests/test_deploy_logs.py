"""The log lines of production: what Django says of a refused request does not repeat the token in it."""

import json
import logging

import pytest
from django.test import Client
from rest_framework_simplejwt.tokens import AccessToken

from deploy.logs import JsonFormatter


@pytest.fixture
def token():
    return str(AccessToken())


@pytest.fixture
def logged(caplog):
    """What has been logged, as production writes it."""
    caplog.set_level(logging.INFO)
    return lambda: [json.loads(JsonFormatter().format(record)) for record in caplog.records]


def test_a_refused_referer_is_logged_without_its_token(db, token, logged):
    headers = {"referer": f"https://elsewhere.example/?token={token}"}
    response = Client(enforce_csrf_checks=True).post("/admin/login/", secure=True, headers=headers)
    assert response.status_code == 403
    (line,) = [line for line in logged() if line["logger"] == "django.security.csrf"]
    assert "Referer checking failed" in line["message"]
    assert "/?token=<token> " in line["message"]


def test_a_refused_host_is_logged_without_its_token(client, token, logged):
    assert client.get("/products/", headers={"host": f"{token}.example"}).status_code == 400
    (line,) = [line for line in logged() if line["logger"] == "django.security.DisallowedHost"]
    assert line["message"].startswith("Invalid HTTP_HOST header: '<token>")
    assert "DisallowedHost: Invalid HTTP_HOST header: '<token>" in line["exception"]
    assert token.split(".")[1] not in json.dumps(line)


def test_what_is_no_token_is_kept():
    record = logging.makeLogRecord(
        {"name": "django.security", "msg": "rest_framework_simplejwt.token_blacklist.management eyes.on.it"}
    )
    line = json.loads(JsonFormatter().format(record))
    assert line["message"] == "rest_framework_simplejwt.token_blacklist.management eyes.on.it"
