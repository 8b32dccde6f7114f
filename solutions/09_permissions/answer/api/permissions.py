"""Permissions that look at one object."""

from django.http import Http404
from rest_framework.permissions import IsAuthenticated


class IsOwnerOrAdmin(IsAuthenticated):
    """The owner of an order, or an admin: anybody else gets the 404 of an order that does not exist."""

    def has_object_permission(self, request, view, order):
        if request.user.is_staff or order.user_id == request.user.pk:
            return True
        # Word for word what an unknown order gets: any difference would tell that this one exists.
        raise Http404("No Order matches the given query.")
