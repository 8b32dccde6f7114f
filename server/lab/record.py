"""What the flight recorder keeps of one request and its answer."""

import re
from collections.abc import Mapping

from django.utils.functional import SimpleLazyObject, empty
from rest_framework_simplejwt.settings import api_settings

from lab import shown
from lab.sighting import sight

MARK = "X-Token-Lab"  # on a request: a page of ours asks. On the response: how far the token came.
IN_THE_BODY = ("refresh", "token", "access")
SHORTEST_SECRET = 3
MANY = 300  # values looked at in one body
PAGE_ID = re.compile(r"[0-9a-f]{8}")


def describe(request, response, passage, *, began, seconds):
    """The record: plain values only, each known to be no secret. `passage` is how far the token came."""
    body = parsed_body(response)
    scheme, token = presented(request, body)
    seen = sight(token) if token else None
    issued = [sight(value) for value in issued_by(response)]
    refusal = reason(request, response, body)
    name, user_id, proof = person(request, seen, issued, passage)
    return {
        "time": round(began, 3),
        "ms": round(seconds * 1000, 1),
        "client": shown.client(request.META.get("HTTP_USER_AGENT", "")),
        "address": request.META.get("REMOTE_ADDR", ""),
        "method": shown.method(request.method),
        "path": shown.path(request.path_info),
        "query": shown.parameters(request.GET),
        "scheme": scheme,
        "kind": seen and seen.kind,
        "jti": seen and seen.jti,
        "left": seen and remaining(seen, began),
        "user": name,
        "user_id": user_id,
        "proof": proof,
        "issued": [
            {"kind": token.kind, "jti": token.jti, "left": remaining(token, began)} for token in issued
        ],
        "status": response.status_code,
        "reason": refusal,
        "passed": passage.passed,
        "gate": passage.gate,
        "why": passage.why,
        "said": passage.said,
        "key": passage.key,
        "page": page_id(request),
    }


def remaining(token, now):
    """Seconds until the expiry that the token claims."""
    return None if token.expiry is None else round(token.expiry - now)


def page_id(request):
    """The number by which a page of ours finds its own request among the records."""
    number = request.headers.get(MARK, "")
    return number if PAGE_ID.fullmatch(number) else None


def parsed_body(response):
    """The body as the view has read it. The request itself is not touched: what is read here, a view cannot read."""
    context = getattr(response, "renderer_context", None) or {}
    data = getattr(context.get("request"), "_full_data", None)
    return data if isinstance(data, Mapping) else {}


def presented(request, body):
    """The scheme word and the token that came with the request, in its header or else in its body."""
    words = header_words(request)
    if words:
        bare = words[0].count(".") == 2
        return (None if bare else shown.scheme(words[0])), words[0] if bare else words[-1]
    found = (body.get(name) for name in IN_THE_BODY)
    return None, next((value for value in found if isinstance(value, str)), None)


def header_words(request):
    """The words of the header that the server reads tokens from, or else of the usual one."""
    names = (api_settings.AUTH_HEADER_NAME, "HTTP_AUTHORIZATION")
    return next((request.META[name].split() for name in names if request.META.get(name)), [])


def issued_by(response):
    """The tokens that the answer hands out."""
    data = getattr(response, "data", None)
    if response.status_code >= 300 or not isinstance(data, Mapping):
        return []
    return [data[name] for name in ("access", "refresh") if isinstance(data.get(name), str)]


def person(request, seen, issued, passage):
    """Name, id, and how we know: "authenticated" by the view, "issued" to, "verified" token, or "claimed" by one."""
    user = request.__dict__.get("user")
    # To look at an untouched lazy user would read the session, and the answer would differ from stock.
    untouched = isinstance(user, SimpleLazyObject) and user._wrapped is empty
    if user is not None and not untouched and user.is_authenticated:
        return str(user.get_username() or "")[:150], str(user.pk), "authenticated"
    if issued:
        return None, issued[0].user_id, "issued"
    if not seen or not seen.user_id:
        return None, None, None
    return None, seen.user_id, "verified" if "signature" in passage.passed else "claimed"


def reason(request, response, body):
    """Why it was rejected, in the server's own words; None when it was not."""
    if response.status_code < 400:
        return None
    strings = texts(body)
    if strings is None:
        return response.reason_phrase
    said = spoken(getattr(response, "data", None)) or response.reason_phrase
    return shown.sentence(said, secrets(request, strings))


def spoken(data):
    """The most telling sentence of a refusal: a message, else the detail, else the first field's."""
    if isinstance(data, list):
        return spoken(data[0]) if data else None
    if not isinstance(data, Mapping):
        return str(data) if data else None
    messages = data.get("messages")
    if isinstance(messages, list) and messages and isinstance(messages[0], Mapping):
        return str(messages[0].get("message"))
    if "detail" in data:
        return spoken(data["detail"])
    return next((f"{name}: {spoken(value)}" for name, value in data.items()), None)


def secrets(request, strings):
    """Every text that the request sent and that a response could repeat; `strings` are those of its body."""
    parts = request.path_info.split("/")[: shown.MOST_SECRETS]
    unknown = [part for part in parts if part not in shown.words()]
    sent = [*header_words(request), *request.GET.values(), *strings, *unknown]
    return {text for text in sent if len(text) >= SHORTEST_SECRET}


def texts(data):
    """The strings in the values of a body, however deep; None for a body of more than MANY values."""
    waiting, found = [data], []
    for _ in range(MANY):
        if not waiting:
            return found
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str):
            found.append(value)
    return None if waiting else found
