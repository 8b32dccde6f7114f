"""Permissions that look at one object.

Django REST framework calls `has_permission` for each request, and `has_object_permission` when a view has found the
object. Both may raise `django.http.Http404` instead of returning False. The text of that exception is the reason.
"""

from rest_framework.permissions import IsAuthenticated


class IsOwnerOrAdmin(IsAuthenticated):
    """Whoever is not authenticated gets 401, with every method, whether or not the order exists.

    The owner of an order and every admin (a user with `is_staff`, and nobody else) may use it. Anybody else gets the
    same status and the same body as for an order that does not exist, with every method, also HEAD, OPTIONS, PUT and
    PATCH. For GET and DELETE that is a 404, always with the same reason, in words of your choice. What counts is the
    response: the view may raise it, too, and need not use this class. Who asks is `request.user`, which the server
    loaded for the token or the session: neither a claim of the token nor what the client writes beside it.
    """

    def has_object_permission(self, request, view, order):
        raise NotImplementedError("step 09: say whether the user of this request may use this order")
