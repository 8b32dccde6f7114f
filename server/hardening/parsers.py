"""How the body of a request is read."""

from rest_framework import parsers

from hardening.exceptions import NestedTooDeeply

# Far more than any request here needs, and far less than what makes Python's own code give up.
DEEPEST = 32


class JSONParser(parsers.JSONParser):
    """DRF's own, with a limit on how deep lists and objects are nested: beyond it, code that walks them would fail."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            # Python's decoder calls itself for each "[". At which depth it gives up depends on the version.
            raise NestedTooDeeply from None
        if too_deep(data):
            raise NestedTooDeeply
        return data


def too_deep(value, deepest=DEEPEST):
    """Whether lists and objects are nested more than `deepest` times. Walks level by level: no recursion."""
    level = [value]
    for _ in range(deepest + 1):
        nested = [item for item in level if isinstance(item, dict | list)]
        level = [child for item in nested for child in (item.values() if isinstance(item, dict) else item)]
        if not level:
            return False
    return True
