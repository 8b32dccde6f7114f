"""What an OPTIONS request gets."""

from rest_framework.metadata import SimpleMetadata

from hardening.renderers import answer_in_json


class JSONMetadata(SimpleMetadata):
    """DRF's own, in JSON: the page of the documentation has no template for it, and would fail."""

    def determine_metadata(self, request, view):
        answer_in_json(request)
        return super().determine_metadata(request, view)
