"""Step 06: what a token says about its user. Below is the lecture's version, and no address uses it yet.

Wanted in the end:

- The access token of a login has the claim `username`, the user's field `username` as the database has it, letter for
  letter, whichever method of `CustomTokenObtainPairSerializer` writes it. The refresh token may have it, too.
- Nothing that a client sends with its login or its refresh becomes a claim: neither a field of the body, nor a header,
  nor a part of the address.
- `CustomTokenRefreshSerializer` makes the claim anew at each refresh, from the user as the database has it then, also
  when the refresh token was issued before there was such a claim.
- A refresh token is verified before anything in it is believed: its signature, its expiry, its type, its audience
  (`aud`) and its issuer (`iss`). One that is refused gets simplejwt's 401, in simplejwt's words. When all of that is
  good and only the user is gone, the response is 401 with the `code` `user_not_found` in its body, as an access token
  of that user gets.
- A deactivated user gets 401 at a login and at a refresh, whatever the code.
- The response to a login still holds `access` and `refresh`, and may hold more; that to a refresh holds `access` and
  no `refresh`: a refresh never lengthens the life of a refresh token.
- Every other claim stays as simplejwt made it, also the `exp` of a refreshed access token, and a refresh goes on
  copying every other claim of the refresh token.
- `username` is the only new claim about the user: no personal data (e-mail address, first or last name), no password,
  no hash, no role.
- No token and no password in the log, or in a file of this project, whether a request is accepted or refused.
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
