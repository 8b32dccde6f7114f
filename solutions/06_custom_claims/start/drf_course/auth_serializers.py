"""Step 06: what a token says about its user. Below stands the lecture's version, and no address uses it yet.

Wanted in the end:

- `CustomTokenObtainPairSerializer` makes tokens with the claim `username`, the user's name in the database, a string.
  Nothing else that the client sends with its login gets into a token.
- `CustomTokenRefreshSerializer` makes the claim anew at each refresh, from the user as it is then. When there is no
  such user any more, the answer is 401 with the code `user_not_found`, as an access token of that user gets.
- The answer of a login still holds `access` and `refresh`. Every other claim stays as simplejwt made it.
- No personal data (e-mail address, first or last name), no password and no hash in a token. No token in the log.
"""

from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer


class CustomTokenObtainPairSerializer(TokenObtainPairSerializer):
    def validate(self, attrs):
        data = super().validate(attrs)

        # Add your own data to the payload.
        data["username"] = self.user.username

        print("✅ token data:", data)
        return data


class CustomTokenRefreshSerializer(TokenRefreshSerializer):
    def validate(self, attrs):
        raise NotImplementedError("step 06: make the claim anew from the user, then call super()")
