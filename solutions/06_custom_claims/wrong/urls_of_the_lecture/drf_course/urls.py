from django.urls import path

from drf_course.custom_token_view import CustomTokenObtainPairView, CustomTokenRefreshView

urlpatterns = [
    path("api/token/", CustomTokenObtainPairView.as_view(), name="token_obtain_pair"),
    path("api/token/refresh/", CustomTokenRefreshView.as_view(), name="token_refresh"),
]
