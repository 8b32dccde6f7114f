"""A refresh token that knows its family."""

from functools import cached_property

from django.core.exceptions import ValidationError
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.utils import datetime_from_epoch, datetime_to_epoch

from token_families import families
from token_families.exceptions import NoFamily
from token_families.models import TokenFamily

FAMILY_CLAIM = "family"


class FamilyRefreshToken(RefreshToken):
    """simplejwt's refresh token with one more claim, `family`: the id of its `TokenFamily`.

    Reading a token without a family, or of a family that has ended, raises `TokenError`: a 401 at the token endpoints.
    """

    @classmethod
    def for_user(cls, user):
        """A login: the first token of a new family."""
        family = TokenFamily.objects.create(user=user)
        token = super().for_user(user)
        token[FAMILY_CLAIM] = str(family.pk)
        token.set_exp()
        return token

    def verify(self):
        super().verify()
        families.check(self.family)

    def set_exp(self, **options):
        """No token of a family lives longer than the family may."""
        super().set_exp(**options)
        if FAMILY_CLAIM in self:
            self["exp"] = min(self["exp"], datetime_to_epoch(families.end(self.family)))

    @cached_property
    def family(self):
        """The `TokenFamily` of this token."""
        try:
            return TokenFamily.objects.get(pk=self.get(FAMILY_CLAIM))
        except (TokenFamily.DoesNotExist, ValueError, ValidationError):
            raise NoFamily from None

    @property
    def expires_at(self):
        """The instant in the claim `exp`."""
        return datetime_from_epoch(self["exp"])
