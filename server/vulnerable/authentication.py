"""VULNERABLE on purpose: authentication that takes the token from where it does not belong."""

from rest_framework_simplejwt.authentication import JWTAuthentication


class TokenFrom(JWTAuthentication):
    """simplejwt's class, with the token from another place when there is one."""

    def authenticate(self, request):
        raw = self.token_of(request)
        if not raw:
            return super().authenticate(request)
        token = self.get_validated_token(raw.encode())
        return self.get_user(token), token


class TokenInTheAddress(TokenFrom):
    """`/user-orders/?token=...`: convenient for links, and written into every log on the way."""

    def token_of(self, request):
        return request.query_params.get("token")


class TokenInACookie(TokenFrom):
    """An HttpOnly cookie: no script can read it, and the browser sends it along with every request. There is no CSRF check."""

    def token_of(self, request):
        return request.COOKIES.get("access")
