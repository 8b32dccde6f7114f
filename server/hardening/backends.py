"""Who is allowed in with a password: at the token endpoint, in the admin and in the browsable API alike."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from hardening.exceptions import TooManyFailedLogins
from hardening.throttling import seconds_to_wait

User = get_user_model()


class ThrottledModelBackend(ModelBackend):
    """Django's own, which hashes once whether or not the user exists; after too many failures it looks at neither."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if request is None:  # not a request: somebody at the server's own keyboard
            return super().authenticate(request, username, password, **kwargs)
        username = username if username is not None else kwargs.get(User.USERNAME_FIELD)
        if wait := seconds_to_wait(request, username):
            raise TooManyFailedLogins(wait)
        user = super().authenticate(request, username, password, **kwargs)
        if user is None:
            # Counted by the middleware, when the view and its transaction are over. DRF wraps Django's request.
            getattr(request, "_request", request).failed_login = username
        return user
