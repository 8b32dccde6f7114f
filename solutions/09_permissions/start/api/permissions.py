"""Permissions that look at one object.

Django REST framework calls `has_permission` for each request, and `has_object_permission` when a view has found the
object. Both may raise `django.http.Http404` instead of returning False. The text of that exception is the reason.
"""

from rest_framework.permissions import IsAuthenticated


class IsOwnerOrAdmin(IsAuthenticated):
    """Without a valid access token: 401, whether or not the order exists.

    The owner of an order and every admin may use it. To anybody else it looks like an order that does not exist: the
    same 404 with the same reason, in words of your choice. Who asks is `request.user`, which the server loaded for the
    token: neither a claim of the token nor what the client writes beside it.
    """

    def has_object_permission(self, request, view, order):
        raise NotImplementedError("step 09: say whether the user of this request may use this order")
