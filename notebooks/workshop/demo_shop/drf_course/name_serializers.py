"""Two ways to give a name with a login. `make demo` lays this file into a shop of its own."""

from rest_framework_simplejwt.serializers import TokenObtainPairSerializer


class NameInTheResponse(TokenObtainPairSerializer):
    """As the lecture wrote it: the name is a field of the response, and is in no token."""

    def validate(self, attrs):
        return super().validate(attrs) | {"username": self.user.username}


class NameInTheToken(TokenObtainPairSerializer):
    """The name is a claim: it is signed, and it travels with the token."""

    @classmethod
    def get_token(cls, user):
        token = super().get_token(user)
        token["username"] = user.username
        return token
