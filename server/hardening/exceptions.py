"""The refusals of this server's own, each with a sentence for people and a code for programs."""

from rest_framework import exceptions, status
from rest_framework_simplejwt.exceptions import DetailDictMixin


class NestedTooDeeply(DetailDictMixin, exceptions.ParseError):
    default_detail = "JSON parse error - lists and objects are nested too deeply."
    default_code = "nested_too_deeply"


class BodyTooLarge(DetailDictMixin, exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body of this request is too large."
    default_code = "body_too_large"


class TooManyFailedLogins(DetailDictMixin, exceptions.APIException):
    """`wait`: the seconds until another login may be tried, also sent as Retry-After."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "too_many_failed_logins"

    def __init__(self, wait):
        super().__init__(f"Too many failed logins. Try again in {wait} seconds.")
        self.wait = wait
