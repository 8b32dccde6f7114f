"""What is wrong with an answer to a hostile request."""


def fault(answer, hostile):
    """A sentence on what this server must never do, or None."""
    if answer.status >= 500:
        return f"{answer.status}: no request may cause one"
    if "://elsewhere.example" in answer.headers.get("location", "").split("?")[0]:
        return "a redirect to another host"
    if (
        answer.status < 400
        or hostile.method == "HEAD"
        or "text/html" in hostile.headers.get("HTTP_ACCEPT", "")
    ):
        return None
    if "format=api" in hostile.headers.get("QUERY_STRING", ""):
        return None
    if not answer.sentence():
        return f"{answer.status} without a sentence in JSON"
    return None
