"""Who is allowed in with a password: at the token endpoint, in the admin and in the browsable API alike."""

from django.contrib.auth.backends import ModelBackend

from hardening.exceptions import TooManyFailedLogins
from hardening.throttles import FailedLogins


class ThrottledModelBackend(ModelBackend):
    """Django's own, which hashes once whether or not the user exists; after too many failures it looks at neither."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if request is None:  # not a request: somebody at the server's own keyboard
            return super().authenticate(request, username, password, **kwargs)
        failed = FailedLogins(request, username or kwargs.get(self.username_field))
        if wait := failed.wait():
            raise TooManyFailedLogins(wait)
        user = super().authenticate(request, username, password, **kwargs)
        if user is None:
            failed.add()
        return user
