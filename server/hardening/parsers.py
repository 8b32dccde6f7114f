"""How the body of a request is read."""

from rest_framework import parsers

from hardening.exceptions import NestedTooDeeply
from hardening.nesting import too_deep


class JSONParser(parsers.JSONParser):
    """JSON that all later code can walk through: nested deeper than any request needs, it is refused with 400."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            # Python's decoder calls itself for each "[". At which depth it gives up depends on the version.
            raise NestedTooDeeply from None
        if too_deep(data):
            raise NestedTooDeeply
        return data
