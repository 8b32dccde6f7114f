"""The two parts that meet the same requests."""

PARTS = {"stock": "fuzz.stock", "ours": "fuzz.ours"}


def settings(name):
    """The settings of a server whose name begins with its part."""
    return PARTS[name.partition(",")[0]]
