"""The addresses of the project."""

from django.urls import path
from notes.views import NoteList, Welcome

urlpatterns = [
    path("welcome/", Welcome.as_view(), name="welcome"),
    path("notes/", NoteList.as_view(), name="notes"),
]
