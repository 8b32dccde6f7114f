"""The clean-up deletes what has expired, batch by batch, and nothing else."""

import io
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from deploy.management.commands import tidy_up
from testkit import databases, servers

LENIENT = """
from bench.rotation.blacklist import *
INSTALLED_APPS = ["deploy", *INSTALLED_APPS]
SIMPLE_JWT = SIMPLE_JWT | {"LEEWAY": 30}
"""
# Two refresh tokens are spent. One expired 20 seconds ago, so LEEWAY still accepts it; the other 40 seconds ago.
TIDY_UP = """
import django; django.setup()
from datetime import timedelta
from django.core.management import call_command
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken
for seconds in (20, 40):
    spent = RefreshToken()
    spent.set_exp(lifetime=-timedelta(seconds=seconds))
    spent.blacklist()
    call_command("tidy_up")
    try:
        print(seconds, RefreshToken(str(spent)).token_type)
    except TokenError as error:
        print(seconds, error)
"""


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


@pytest.fixture
def lenient(tmp_path):
    """The variables of a process whose server has a blacklist, a LEEWAY and a database of its own."""
    (tmp_path / "lenient.py").write_text(LENIENT)
    variables = {"PYTHONPATH": str(tmp_path)}
    shop = databases.seed(databases.sqlite(tmp_path / "shop.sqlite3"), "lenient", **variables)
    return variables | {"DATABASE_URL": shop, "DJANGO_SETTINGS_MODULE": "lenient"}


def test_a_spent_token_that_leeway_still_accepts_stays_on_the_blacklist(lenient):
    """simplejwt's flushexpiredtokens deletes its row at `exp`, and LEEWAY then accepts the token once more."""
    said = servers.run(["-c", TIDY_UP], **lenient).stdout.splitlines()
    assert [line for line in said if "sessions" not in line] == [
        "Deleted 0 expired refresh tokens.",
        "20 Token is blacklisted",
        "Deleted 1 expired refresh tokens.",
        "40 Token is expired",
    ]


def test_the_job_that_is_process_1_of_a_container_ends_at_sigterm(lenient):
    """Process 1 gets no signal that it does not handle. Outside a container, ending with 0 shows that it handles this one."""
    with servers.start([sys.executable, "manage.py", "tidy_up", "--every", "3600"], **lenient) as job:
        assert job.stdout.readline() == "Deleted 0 expired sessions.\n"
        job.terminate()
        assert job.wait(servers.PATIENCE) == 0
