"""Two views. One is open to everybody, the other asks for a token."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


class Welcome(APIView):
    """For everybody, and it is to stay so."""

    def get(self, request):
        return Response({"welcome": "Log in to read your notes."})


class NoteList(APIView):
    """For people who have logged in."""

    permission_classes = (IsAuthenticated,)

    def get(self, request):
        return Response({"for": request.user.username, "notes": ["Buy milk", "Learn about tokens"]})
