"""Every address of the server.

Step 07 adds the log-out: `api/token/blacklist/`, named `token_blacklist`. Behind it is simplejwt's `TokenBlacklistView`, or
a view of your own that keeps these promises:

- Log-out needs a refresh token and no other credentials; a deactivated user may be refused. Its response is 200, or any
  other 2xx.
- Neither a header `Authorization` nor a session cookie that is sent along is looked at, whatever is in it: an expired
  access token does no harm, nor does somebody else's.
- From then until its `exp` that token gets 401, "Token is blacklisted": also after `flushexpiredtokens`, whatever the
  lifetimes in the settings are by then, and also when it was issued before the app was installed and has no row in its
  tables.
- Log-out ends one login: the same user stays logged in on every other device.
- Neither an access token nor a token with a forged signature logs anybody out: both are refused, with 400, 401 or 403.
  So is a second log-out with the same token, and one without a token.
- Every other address keeps its view, so new tokens still carry the user's name.
"""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework_simplejwt.views import TokenVerifyView

from drf_course.custom_token_view import CustomTokenObtainPairView, CustomTokenRefreshView

urlpatterns = [
    path("", include("api.urls")),
    path("api/token/", CustomTokenObtainPairView.as_view(), name="token_obtain_pair"),
    path("api/token/refresh/", CustomTokenRefreshView.as_view(), name="token_refresh"),
    path("api/token/verify/", TokenVerifyView.as_view(), name="token_verify"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/schema/swagger-ui/", SpectacularSwaggerView.as_view(), name="swagger-ui"),
    path("admin/", admin.site.urls),
    path("api-auth/", include("rest_framework.urls")),
]
