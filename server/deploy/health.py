"""Two questions that programs ask: is the process alive, and can it serve?

Restart a process that is not alive. Send no request to one that is not ready, and leave it running: restarting the shop
does not bring its database back.
"""

from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def live(request):
    """200 as long as this process answers at all; it asks nobody."""
    return JsonResponse({"status": "alive"})


@never_cache
def ready(request):
    """200 when the database answers; else the 503 of `middleware.DatabaseAway`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ready"})
