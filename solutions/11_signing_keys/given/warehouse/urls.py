"""The one address of the warehouse."""

from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView


class PickingListView(APIView):
    """What somebody has to fetch from the shelves, and for whom: the name is the claim that the shop has signed."""

    def get(self, request):
        return Response({"for": request.user.username, "shelves": ["A1", "C3"]})


urlpatterns = [path("picking-list/", PickingListView.as_view(), name="picking-list")]
