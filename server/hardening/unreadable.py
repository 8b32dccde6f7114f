"""Refusals of what cannot be read as an HTTP request. They are given before Django, by the server around it."""

import json
from http import HTTPStatus


def refusal(status):
    """Status, reason and JSON body, in HTTP's own words: a server's own message may repeat what was sent."""
    # 501 and 505 are said of a request's form, and would look like a fault of ours. A 500 is one, and stays.
    answer = HTTPStatus(status if status <= 500 else 400)
    body = {"detail": f"{answer.description or answer.phrase}.", "code": answer.name.lower()}
    return answer.value, answer.phrase, json.dumps(body)
