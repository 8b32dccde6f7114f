"""The life of a token family: it begins with a login, and ends with a log-out, with a theft, or of old age."""


def check(family):
    """Raise `TokenError` when the family was revoked or is older than it may become."""
    raise NotImplementedError("step 08: refuse the tokens of a family that has ended")


def end(family):
    """The instant after which nobody can refresh, however often they did before."""
    raise NotImplementedError(
        "step 08: when the family was created, and how old it may become (conf.lifetime)"
    )


def spend(token):
    """Record that this refresh token was used. Raise `TokenError` when it was used before.

    The record is made before the new tokens are. Of many requests with the same token, one is accepted.
    """
    raise NotImplementedError("step 08: insert a SpentToken, and let its primary key decide who was first")


def refuse_reuse(spent):
    """Raise `TokenError`. After the grace period, revoke the family first."""
    raise NotImplementedError("step 08: how long ago was it spent, and how long is the grace period?")


def revoke(family):
    """End the family: no token of it can be used again, whoever holds it."""
    raise NotImplementedError("step 08: write down when")
