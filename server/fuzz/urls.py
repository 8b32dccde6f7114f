"""Our addresses and the one token endpoint that is not switched on from the start."""

from django.urls import path
from rest_framework_simplejwt.views import TokenBlacklistView

from drf_course.urls import urlpatterns as shop

urlpatterns = [*shop, path("api/token/blacklist/", TokenBlacklistView.as_view(), name="token_blacklist")]
