"""The form in which a response is written."""

from rest_framework.renderers import JSONRenderer

OURS = ("json", "api")  # JSON, and JSON inside the page of the browsable API


def answer_in_json(request):
    """Make the response JSON where the view's own renderer (YAML, a page's template) cannot write it."""
    chosen = getattr(request, "accepted_renderer", None)
    if chosen and chosen.format not in OURS:
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
