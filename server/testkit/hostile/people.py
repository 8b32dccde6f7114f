"""The accounts that hostile requests are sent as, in the database of this process."""

from dataclasses import dataclass

from testkit.hostile.signing import honest_claims, signed


@dataclass(frozen=True)
class People:
    """`ids` by name: ada and admin, a deleted user and an inactive one. `session`: the admin's cookie.

    `audience` is None and `can_blacklist` is False where these settings do not check that.
    """

    key: str
    audience: str | None
    can_blacklist: bool
    ids: dict[str, int]
    session: dict[str, str]

    def claims(self, token_type, user="admin"):
        """The claims of an honest token."""
        return honest_claims(token_type, self.ids[user], self.audience)

    def token(self, token_type, user="admin", /, **changes):
        """A token with these claims changed, rightly signed."""
        return signed(self.claims(token_type, user) | changes, self.key)


def make_people():
    """The accounts are made where they are missing."""
    from django.apps import apps
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    users = get_user_model().objects
    ada = users.filter(username="ada").first() or users.create_user("ada")
    admin = users.filter(username="admin").first() or users.create_superuser("admin")
    inactive, _ = users.get_or_create(username="inactive", defaults={"is_active": False})
    deleted = users.create(username="deleted")
    ids = {user.username: user.pk for user in (ada, admin, inactive, deleted)}
    deleted.delete()
    browser = Client()
    browser.force_login(admin)
    session = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    tokens = settings.SIMPLE_JWT
    can_blacklist = apps.is_installed("rest_framework_simplejwt.token_blacklist")
    return People(tokens["SIGNING_KEY"], tokens.get("AUDIENCE"), can_blacklist, ids, session)


def blacklisted(people):
    """A refresh token that is honest but for its place in the blacklist's table."""
    from rest_framework_simplejwt.tokens import RefreshToken

    token = people.token("refresh")
    RefreshToken(token).blacklist()
    return token
