"""The accounts that hostile requests are sent as, in the database of this process."""

from dataclasses import dataclass

from fuzz.signing import honest_claims, signed


@dataclass(frozen=True)
class People:
    """`access`: tokens by name. `session`: the admin's cookie. `gone`: ids of users who may not log in."""

    key: str
    access: dict[str, str]
    session: dict[str, str]
    gone: dict[str, int]


def make_people():
    """ada and admin, who are made where they are missing, and two who are gone."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    users = get_user_model().objects
    key = settings.SIMPLE_JWT["SIGNING_KEY"]
    ada = users.filter(username="ada").first() or users.create_user("ada")
    admin = users.filter(username="admin").first() or users.create_superuser("admin")
    inactive, _ = users.get_or_create(username="inactive", defaults={"is_active": False})
    deleted = users.create(username="deleted")
    gone = {"deleted": deleted.pk, "inactive": inactive.pk}
    deleted.delete()
    access = {user.username: signed(honest_claims("access", str(user.pk)), key) for user in (ada, admin)}
    browser = Client()
    browser.force_login(admin)
    session = {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"}
    return People(key, access, session, gone)
