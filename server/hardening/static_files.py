"""Django's own files in development."""

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.exceptions import SuspiciousOperation
from django.http import Http404


class StaticFiles(StaticFilesHandler):
    """A path that leads out of the folder is a 404. Django raises an error that nothing catches here: a 500."""

    def serve(self, request):
        try:
            return super().serve(request)
        except SuspiciousOperation:
            raise Http404 from None
