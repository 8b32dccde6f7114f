"""The life of a token family: it begins with a login, and ends with a log-out, with a theft, or of old age.

A login ends no other family, however many there are and however old.
"""


def check(family):
    """Raise `FamilyRevoked` when the family was revoked, and `FamilyTooOld` when its end has come."""
    raise NotImplementedError(
        "step 08: has the family ended? Look at revoked_at and at end(). Of one that is both, either error will do"
    )


def end(family):
    """The instant from which on nobody can refresh, even where a single token would live longer. LEEWAY adds nothing.

    The lifetime counts from the login that began this family: not from the last refresh, nor from another login.
    """
    raise NotImplementedError(
        "step 08: when was the family created, and how old may it become (conf.lifetime)?"
    )


def spend(token):
    """Record that this refresh token was used, by its `jti`, before new tokens are made. Of many requests with it, accept one.

    They may reach different processes of the server. When nothing can be recorded, no new token is made.
    A token past its `exp` that LEEWAY still accepts is recorded like any other.
    A token that was used before goes to `refuse_reuse`. Its row is kept until the token's own `exp`
    (`token.expires_at`), whatever the settings say now. Delete none here: `flush_token_families` does that,
    and leaves time for LEEWAY.
    """
    raise NotImplementedError(
        "step 08: insert a SpentToken in an atomic() of its own: the primary key says who was first. "
        "If you look before, hold a lock of the database from the look to the insert"
    )


def refuse_reuse(spent):
    """Raise `JustUsed` within the grace period, and let the family live, whatever became of the successors.

    After it, revoke the family and raise `UsedBefore`.

    The grace period counts from the first use of this token (`spent.spent_at`), and not of another of its family.
    A refused try does not move it.
    """
    raise NotImplementedError("step 08: how long ago was it spent, and how long is the grace period?")


def revoke(family):
    """End this family, and no other: none of its refresh tokens is accepted again, whoever holds it.

    Every process of the server that reads the family afterwards knows it; the object that you were given need not.
    """
    raise NotImplementedError(
        "step 08: write down in the database when it ended. Of a family that has ended before, either instant may stay"
    )
