"""Step 00: call the shop without any token, and read how it refuses."""

import requests


def product_names(base_url: str) -> list[str]:
    """The names of all products of GET /products/, in its order: a shared name comes twice. Raises an error for a refusal."""
    raise NotImplementedError("step 00: call GET /products/ and give the list of names")


def knock(base_url: str, path: str) -> dict:
    """The JSON response of the server to GET `path`, without a token, taken apart.

    The path may carry a query. It goes behind `base_url` as it is, for the server has to read in your request what `path`
    says; a path with `#` or `..` is not covered. A body that is no JSON may raise an error, and is never run.

    A dict with three keys: `status` (a number), `detail` (the server's sentence, whatever the status is; None where
    the body is a list or has none), `challenge` (the header WWW-Authenticate, or None).
    """
    response = requests.get(f"{base_url}{path}", timeout=5)
    raise NotImplementedError(f"step 00: the server answered {response.status_code}; take the response apart")
