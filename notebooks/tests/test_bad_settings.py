"""A mistake in the learner's settings is reported with its place, and spoils no check that needs no server."""

import pytest

from workshop import paths

SETTINGS = "drf_course/simple_jwt.py"
SOURCE = (paths.SERVER / SETTINGS).read_text()
BAD_SETTINGS = {
    "a number": (
        SOURCE.replace("timedelta(minutes=5)", "5 * 60"),
        [
            "POST /api/token/ was answered 500",
            f"work/{SETTINGS}, line 8: ACCESS_TOKEN_LIFETIME is the number 5 * 60",
            "Write timedelta(seconds=5 * 60) there.",
        ],
    ),
    "a syntax error": (
        SOURCE.replace('"HS256",', '"HS256'),
        [
            "The server did not start. SyntaxError: unterminated string literal",
            f"in work/{SETTINGS}, line 10:",
        ],
    ),
    "a name that does not exist": (
        SOURCE.replace("SECRET_KEY,", "SECRET,"),
        ["The server did not start. NameError", f'in work/{SETTINGS}, line 11:\n    "SIGNING_KEY": SECRET,'],
    ),
    "an algorithm that does not exist": (SOURCE.replace("HS256", "HS999"), ["500", "HS999"]),
    "a refused setting": (
        SOURCE
        + "\nfrom django.core.exceptions import ImproperlyConfigured\nraise ImproperlyConfigured('No such key.')\n",
        ["The server did not start", "No such key."],
    ),
}


@pytest.mark.parametrize("fault", BAD_SETTINGS)
def test_a_bad_setting_is_reported_with_its_place(checked, fault):
    text, sentences = BAD_SETTINGS[fault]
    outcomes = checked({SETTINGS: text})
    state, message = outcomes["test_login"]
    assert state == "not yet"
    assert all(sentence in message for sentence in sentences), message
    assert outcomes["test_double"] == ("passed", "")
