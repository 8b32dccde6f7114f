"""The clean-up deletes what has expired, batch by batch, and nothing else."""

import io
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from deploy.management.commands import tidy_up


@pytest.fixture
def sessions(db):
    """Three sessions that have expired, and one that has not."""
    now = timezone.now()
    for number, hours in enumerate((-1, -2, -3, 1)):
        Session.objects.create(session_key=f"key{number}", expire_date=now + timedelta(hours=hours))


def test_only_what_has_expired_is_deleted(sessions):
    said = io.StringIO()
    call_command(tidy_up.Command(), stdout=said)
    assert said.getvalue() == "Deleted 3 expired sessions.\n"
    assert list(Session.objects.values_list("session_key", flat=True)) == ["key3"]


def test_no_statement_deletes_more_than_one_batch(sessions, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(tidy_up, "BATCH", 2)
    # Two rows, then one, then a look that finds none: each batch is read and deleted.
    with django_assert_num_queries(5):
        assert tidy_up.delete(Session.objects.filter(expire_date__lt=timezone.now())) == 3


def test_a_second_run_finds_nothing(sessions):
    call_command(tidy_up.Command(), stdout=io.StringIO())
    said = io.StringIO()
    call_command(tidy_up.Command(), stdout=said)
    assert said.getvalue() == "Deleted 0 expired sessions.\n"
