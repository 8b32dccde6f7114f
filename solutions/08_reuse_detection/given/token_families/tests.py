"""Tests of the app, for any project that installs it: `python manage.py test token_families`."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.test import TestCase, override_settings
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken

from token_families.models import SpentToken, TokenFamily
from token_families.serializers import FamilyTokenRefreshSerializer, LogOutSerializer
from token_families.tokens import FamilyRefreshToken

LONG_AGO = timezone.now() - timedelta(days=1)


class TokenFamilyTests(TestCase):
    def setUp(self):
        self.user = get_user_model().objects.create_user("mary")
        self.first = str(FamilyRefreshToken.for_user(self.user))

    def test_a_spent_token_is_refused_and_its_family_revoked(self):
        second = self.refresh(self.first)
        SpentToken.objects.update(spent_at=LONG_AGO)
        self.assert_refused(self.first, "Token was used before: its family is revoked")
        self.assert_refused(second, "Token family is revoked")

    def test_a_token_that_was_just_used_is_refused_and_its_family_lives(self):
        second = self.refresh(self.first)
        self.assert_refused(self.first, "Token was just used")
        self.assertTrue(self.refresh(second))

    def test_a_log_out_with_a_spent_token_ends_the_family(self):
        second = self.refresh(self.first)
        self.assertEqual(LogOutSerializer().validate({"refresh": self.first}), {})
        self.assert_refused(second, "Token family is revoked")

    def test_a_family_that_is_too_old_is_refused(self):
        TokenFamily.objects.update(created_at=timezone.now() - timedelta(days=31))
        self.assert_refused(self.first, "Token family is too old")

    @override_settings(TOKEN_FAMILY_LIFETIME=timedelta(seconds=60))
    def test_no_token_outlives_its_family(self):
        family = TokenFamily.objects.get()
        following = FamilyRefreshToken(self.refresh(self.first))
        self.assertEqual(following["exp"], int((family.created_at + timedelta(seconds=60)).timestamp()))

    def test_a_token_without_a_family_is_refused(self):
        self.assert_refused(str(RefreshToken.for_user(self.user)), "Token belongs to no family")

    def test_a_family_that_is_no_id_is_refused(self):
        for value in ("", "not-a-uuid", 7, ["a"], None):
            token = RefreshToken.for_user(self.user)
            token["family"] = value
            with self.subTest(value):
                self.assert_refused(str(token), "Token belongs to no family")

    def test_the_families_of_others_live_on(self):
        other = str(FamilyRefreshToken.for_user(self.user))
        LogOutSerializer().validate({"refresh": self.first})
        self.assertTrue(self.refresh(other))

    def refresh(self, token):
        """The refresh token that replaces this one."""
        return FamilyTokenRefreshSerializer().validate({"refresh": token})["refresh"]

    def assert_refused(self, token, reason):
        with self.assertRaisesMessage(TokenError, reason):
            self.refresh(token)
