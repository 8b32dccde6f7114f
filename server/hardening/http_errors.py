"""Responses to what cannot be read as an HTTP request. The server around Django sends them."""

import json
from http import HTTPStatus


def refusal(status):
    """Status, reason and JSON body, in HTTP's own words: a server's own message may repeat the request."""
    # 501 and 505 are about the request's form, and would look like a fault of ours. A 500 is one, and stays.
    meaning = HTTPStatus(status if status <= 500 else 400)
    body = {"detail": f"{meaning.description or meaning.phrase}.", "code": meaning.name.lower()}
    return meaning.value, meaning.phrase, json.dumps(body)
