"""The five ways in which a family refuses a token. Each is a `TokenError`: a 401 at the token endpoints."""

from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.exceptions import TokenError


class FamilyError(TokenError):
    message = ""

    def __init__(self):
        super().__init__(self.message)


class NoFamily(FamilyError):
    message = _("Token belongs to no family")


class FamilyRevoked(FamilyError):
    message = _("Token family is revoked")


class FamilyTooOld(FamilyError):
    message = _("Token family is too old")


class JustUsed(FamilyError):
    message = _("Token was just used")


class UsedBefore(FamilyError):
    message = _("Token was used before: its family is revoked")
