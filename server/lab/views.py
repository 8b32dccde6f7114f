"""The page and what it asks for."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import json_script
from django.utils.text import compress_string
from django.views.decorators.csrf import csrf_exempt
from rest_framework_simplejwt.authentication import AUTH_HEADER_TYPES
from rest_framework_simplejwt.settings import api_settings

from lab.languages import LANGUAGES, language_of, remember, strings_of
from lab.live import can_hold, events
from lab.ring import ring
from lab.room import DEMO_ACCOUNTS, qr_code, room

ASSETS = Path(__file__).parent / "assets"
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'sha256-{style}'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ENDPOINTS = {
    "obtain": "token_obtain_pair",
    "refresh": "token_refresh",
    "verify": "token_verify",
    "logout": "token_blacklist",
    "public": "product-list",
    "protected": "user-orders",
    "admin": "order-list",
}
KEPT_BACK = ("Authorization", "Cookie")


def page(request):
    """The Token Lab in the visitor's language."""
    language = language_of(request)
    strings, addresses, class_room, style = strings_of(language), endpoints(), room(request), sheets()
    data = {
        "language": language,
        "strings": strings,
        "endpoints": addresses,
        "scheme": AUTH_HEADER_TYPES[0],
        "header": api_settings.AUTH_HEADER_NAME.removeprefix("HTTP_").replace("_", "-").title(),
        "room": class_room,
    }
    context = {
        "language": language,
        "t": strings,
        "endpoints": addresses,
        "modules": modules(),
        "style": style,
        "room": class_room,
        "accounts": () if class_room else DEMO_ACCOUNTS,
        "data": json_script(data, "data", Readable),
    }
    response = render(request, "lab/page.html", context)
    response["Content-Security-Policy"] = POLICY.format(style=digest(style))
    response["Cache-Control"] = "no-store"
    return packed(request, remember(response, language) if request.GET.get("lang") == language else response)


class Readable(DjangoJSONEncoder):
    """JSON with its letters as they are: escaped, Korean would weigh twice as much."""

    def __init__(self, **options):
        super().__init__(**options | {"ensure_ascii": False})


def endpoints():
    """The addresses of the endpoints that this server has, by what the page calls them."""
    found = {}
    for meaning, name in ENDPOINTS.items():
        try:
            found[meaning] = reverse(name)
        except NoReverseMatch:
            continue  # the running step does not have it: the page shows no button for it
    return found


@cache
def modules():
    """Every module of the page, so that the browser asks for all of them at once."""
    return sorted(path.name for path in ASSETS.glob("*.js"))


def sheets():
    """The style sheets as one text. It is a part of the page, which is so painted after one round trip."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.css")))


def digest(text):
    """The hash by which a policy allows this text and no other."""
    return b64encode(sha256(text.encode()).digest()).decode()


def qr(request):
    """The class's address as a QR code."""
    here = room(request)
    if here is None:
        raise Http404
    return HttpResponse(qr_code(here["address"]), content_type="image/svg+xml")


def strings(request, language):
    """The sentences of a language; the choice is remembered."""
    if language not in LANGUAGES:
        raise Http404
    return remember(JsonResponse(strings_of(language)), language)


def stream(request):
    """The flight recorder as it happens, from the last record that the page has."""
    last = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    response = StreamingHttpResponse(
        events(ring(), last, hold=can_hold(request.environ)), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    return response


@csrf_exempt  # the page asks with the method whose headers it wants to know; nothing is changed
def headers(request):
    """The headers this browser adds by itself: no script may read them, and the page shows them."""
    received = [[name, value] for name, value in request.headers.items() if name not in KEPT_BACK and value]
    return JsonResponse(received, safe=False)


def asset(request, name):
    """A module or the icon."""
    file = ASSETS / name
    if file.parent != ASSETS or file.suffix not in TYPES or not file.is_file():
        raise Http404
    response = HttpResponse(file.read_bytes(), content_type=f"{TYPES[file.suffix]}; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return packed(request, response)


def packed(request, response):
    """The response compressed for a browser that can unpack it. Nothing secret is in it, so its length tells nothing."""
    patch_vary_headers(response, ("Accept-Encoding",))
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
    return response
