"""The page's sentences: one file per language, and which of them a visitor gets."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "strings"
LANGUAGES = ("en", "ko")
COOKIE = "lab_lang"


@cache
def strings_of(language):
    """All sentences of a language by their keys."""
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def language_of(request):
    """What was asked for, else what was asked for last, else what the browser prefers, else English."""
    preferred = request.headers.get("Accept-Language", "")[:2].lower()
    asked = (request.GET.get("lang"), request.COOKIES.get(COOKIE), preferred)
    return next((language for language in asked if language in LANGUAGES), "en")


def remember(response, language):
    """Let the next visit begin in this language. A cookie, because the server writes the first words."""
    response.set_cookie(COOKIE, language, max_age=31_536_000, samesite="Lax", httponly=True)
    return response
