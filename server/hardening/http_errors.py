"""Responses to what cannot be read as an HTTP request. The server around Django sends them."""

import json
from http import HTTPStatus

# Python 3.13 gave these another name. A program that reads the code must not notice which Python answers.
RENAMED = {
    "content_too_large": "request_entity_too_large",
    "uri_too_long": "request_uri_too_long",
    "range_not_satisfiable": "requested_range_not_satisfiable",
    "unprocessable_content": "unprocessable_entity",
}


def refusal(status):
    """Status, reason and JSON body, in HTTP's own words: a server's own message may repeat the request."""
    # 501 and 505 are about the request's form, and would look like a fault of ours. A 500 is one, and stays.
    meaning = HTTPStatus(status if status <= 500 else 400)
    code = meaning.name.lower()
    body = {
        "detail": f"{meaning.description or meaning.phrase}.",
        "code": RENAMED.get(code, code),
    }
    return meaning.value, meaning.phrase, json.dumps(body)
