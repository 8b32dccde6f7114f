"""A class: a student's machine notes a result with the student's own token, and only the terminal shows it."""

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from api.models import User
from hardening.models import StepResult

ADDRESS = "/class/steps/03/"
RESULT = {"passed": 2, "checks": 5, "first_failure": "the seconds left count down"}


@pytest.fixture(autouse=True)
def _a_class(settings, db):
    settings.TOKEN_LAB = True


@pytest.fixture
def kim():
    return User.objects.create_user("kim")


@pytest.fixture
def put():
    def send(result, token=None, address=ADDRESS):
        client = APIClient(raise_request_exception=False)
        if token:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client.put(address, result, format="json")

    return send


def noted():
    return [(each.user.username, each.step, each.passed, each.checks) for each in StepResult.objects.all()]


def test_nobody_notes_a_result_without_a_token(put):
    response = put(RESULT)
    assert (response.status_code, response.json()["detail"]) == (
        401,
        "Authentication credentials were not provided.",
    )
    assert noted() == []


def test_a_refresh_token_notes_nothing(put, kim):
    response = put(RESULT, RefreshToken.for_user(kim))
    assert (response.status_code, response.json()["messages"][0]["message"]) == (401, "Token has wrong type")
    assert noted() == []


def test_a_result_is_noted_for_the_tokens_own_user_whatever_the_body_says(put, kim):
    other = User.objects.create_user("lee")
    foreign = {"user": other.pk, "username": "lee", "step": 4, "user_id": str(other.pk)}
    assert put(RESULT | foreign, AccessToken.for_user(kim)).status_code == 204
    assert noted() == [("kim", 3, 2, 5)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"passed": 6}, "passed"),
        ({"passed": -1}, "passed"),
        ({"passed": None}, "passed"),
        ({"checks": 0}, "checks"),
        ({"checks": 10**30}, "checks"),
        ({"first_failure": "x" * 201}, "first_failure"),
        ({"first_failure": "\x00"}, "first_failure"),
        ({"first_failure": ["x"]}, "first_failure"),
    ],
)
def test_an_impossible_result_is_refused_by_its_field(put, kim, change, field):
    response = put(RESULT | change, AccessToken.for_user(kim))
    assert (response.status_code, list(response.json())) == (400, [field])
    assert noted() == []


@pytest.mark.parametrize("method", ["get", "post", "patch", "delete"])
def test_no_address_tells_a_result_or_takes_it_back(kim, method):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(kim)}")
    client.put(ADDRESS, RESULT, format="json")
    response = getattr(client, method)(ADDRESS, RESULT, format="json")
    sentence = f'Method "{method.upper()}" not allowed.'
    assert (response.status_code, response.json()["detail"]) == (405, sentence)
    assert noted() == [("kim", 3, 2, 5)]


@pytest.mark.parametrize("step", ["3", "003", "-1", "xx", "99999999999999999999"])
def test_a_step_has_two_digits(put, kim, step):
    assert put(RESULT, AccessToken.for_user(kim), f"/class/steps/{step}/").status_code == 404


def test_production_has_no_such_address(put, kim, settings):
    settings.TOKEN_LAB = False
    assert put(RESULT, AccessToken.for_user(kim)).status_code == 404
    assert noted() == []


def test_a_later_result_takes_the_place_of_an_earlier_one(put, kim):
    for passed in (1, 5, 4):
        put(RESULT | {"passed": passed}, AccessToken.for_user(kim))
    assert noted() == [("kim", 3, 4, 5)]


def test_the_terminal_shows_who_has_passed_and_where_most_are_stuck(put, kim, capsys):
    call_command("step_results")
    assert capsys.readouterr().out == "Nobody has reported a check yet. On a student's machine: make join\n"
    lee, noor = (User.objects.create_user(name) for name in ("lee", "noor"))
    done = {"passed": 5, "checks": 5, "first_failure": ""}
    for user, result in ((kim, RESULT), (lee, RESULT), (noor, done)):
        put(result, AccessToken.for_user(user))
    put(done, AccessToken.for_user(kim), "/class/steps/02/")
    call_command("step_results")
    assert capsys.readouterr().out.splitlines() == [
        "                    02      03",
        "kim             passed     2/5",
        "lee                  -     2/5",
        "noor                 -  passed",
        "",
        "02: 1 of 1 passed.",
        "",
        "03: 1 of 3 passed. Stuck most often (2): the seconds left count down",
    ]
