"""How deep a decoded JSON value goes."""

# Far more than any request here needs, and far less than what makes Python's own code give up.
DEEPEST = 32


def too_deep(value, deepest=DEEPEST):
    """Whether lists and objects stand in each other more than `deepest` times. Walks level by level: no recursion."""
    level = [value]
    for _ in range(deepest + 1):
        level = [child for item in level if isinstance(item, dict | list) for child in children(item)]
        if not level:
            return False
    return True


def children(item):
    return item.values() if isinstance(item, dict) else item
