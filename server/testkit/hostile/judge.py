"""What is wrong with a response to a hostile request."""


def fault(response, hostile):
    """A sentence on what this server must never do, or None."""
    if response.status >= 500:
        return f"{response.status}: no request may cause one"
    if "://elsewhere.example" in response.headers.get("location", "").split("?")[0]:
        return "a redirect to another host"
    if hostile.expected and (found := hostile.expected.fault(response)):
        return found
    if response.status >= 400 and wants_json(hostile) and not response.sentence():
        return f"{response.status} without a sentence in JSON"
    return None


def wants_json(hostile):
    asks_for_a_page = "text/html" in hostile.headers.get("HTTP_ACCEPT", "")
    asks_for_the_api = "format=api" in hostile.headers.get("QUERY_STRING", "")
    return hostile.method != "HEAD" and not asks_for_a_page and not asks_for_the_api
