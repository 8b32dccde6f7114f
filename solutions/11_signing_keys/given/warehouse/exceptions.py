"""What the warehouse answers when it cannot do its work."""

from rest_framework.exceptions import APIException


class ShopUnreachable(APIException):
    """No key to verify with. That is no fault of the client, so it is no 401: 503, with `Retry-After`."""

    status_code = 503
    default_detail = "The keys of the shop are not at hand. Try again later."
    default_code = "shop_unreachable"
    wait = 30  # seconds: Django REST framework makes Retry-After of it
