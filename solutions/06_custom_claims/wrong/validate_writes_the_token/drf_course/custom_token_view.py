from rest_framework_simplejwt.views import TokenObtainPairView

from drf_course.auth_serializers import CustomTokenObtainPairSerializer


class CustomTokenObtainPairView(TokenObtainPairView):
    serializer_class = CustomTokenObtainPairSerializer
