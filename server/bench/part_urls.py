"""The same small answer with one more layer each time."""

from django.http import JsonResponse
from django.urls import path
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication

from api.views import UserOrderListAPIView

ANSWER = []


def bare(request):
    return JsonResponse(ANSWER, safe=False)


class Public(APIView):
    authentication_classes = ()

    def get(self, request):
        return Response(ANSWER)


class Verified(Public):
    authentication_classes = (JWTStatelessUserAuthentication,)
    permission_classes = (IsAuthenticated,)


class LookedUp(Public):
    authentication_classes = APIView.authentication_classes
    permission_classes = (IsAuthenticated,)


urlpatterns = [
    path("bare/", bare),
    path("drf/", Public.as_view()),
    path("verified/", Verified.as_view()),
    path("looked-up/", LookedUp.as_view()),
    path("orders/", UserOrderListAPIView.as_view()),
]
