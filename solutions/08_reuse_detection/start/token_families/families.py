"""The life of a token family: it begins with a login, and ends with a log-out, with a theft, or of old age."""


def check(family):
    """Raise `FamilyRevoked` when the family was revoked, and `FamilyTooOld` when its end has come."""
    raise NotImplementedError("step 08: has the family ended? Look at revoked_at and at end()")


def end(family):
    """The instant after which nobody can refresh.

    The lifetime counts from the login that began this family: not from the last refresh, nor from another login.
    """
    raise NotImplementedError(
        "step 08: when was the family created, and how old may it become (conf.lifetime)?"
    )


def spend(token):
    """Record that this refresh token was used, before new tokens are made. Of many requests with it, accept one.

    A token that was used before goes to `refuse_reuse`. Its row is kept until the token itself has expired
    (`token.expires_at`). Delete none here: `flush_token_families` does that, and leaves time for LEEWAY.
    """
    raise NotImplementedError(
        "step 08: insert a SpentToken, in a transaction.atomic() of its own, and let its primary key decide who was first"
    )


def refuse_reuse(spent):
    """Raise `JustUsed` within the grace period. After it, revoke the family and raise `UsedBefore`.

    The grace period counts from the first use (`spent.spent_at`). A refused try does not move it.
    """
    raise NotImplementedError("step 08: how long ago was it spent, and how long is the grace period?")


def revoke(family):
    """End this family, and no other: none of its refresh tokens is accepted again, whoever holds it."""
    raise NotImplementedError("step 08: write down in the database when it ended")
