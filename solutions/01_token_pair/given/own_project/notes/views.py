"""Two views. Both are open to everybody."""

from rest_framework.response import Response
from rest_framework.views import APIView


class Welcome(APIView):
    """For everybody, and it is to stay so."""

    def get(self, request):
        return Response({"welcome": "Log in to read your notes."})


class NoteList(APIView):
    """For people who have logged in: this is the view to protect."""

    def get(self, request):
        return Response({"for": request.user.username, "notes": ["Buy milk", "Learn about tokens"]})
