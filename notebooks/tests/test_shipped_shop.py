"""The whole shop of step 12 under load, while its parts fail: who is served, who is told to come back, who is lost."""

import secrets
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import jwt
import psycopg
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy import probe
from testkit import postgresql
from testkit.machine import need
from testkit.servers import SERVER
from workshop.errors import WorkshopError
from workshop.learner import manifest, tree
from workshop.servers import shipped

STEP = manifest.find("12_ship_it")
ACCOUNT = {"username": "ada", "password": "test"}
CLIENTS = 4
NO_GRACE = {"TOKEN_FAMILY_GRACE_SECONDS": "0"}  # a spent refresh token is a thief's at once (step 08)
ELSEWHERE = {"web": 1, "proxy": False, "DJANGO_TRUSTED_PROXIES": "127.0.0.1"}  # a second machine
NO_SECRETS = dict.fromkeys(("DJANGO_SECRET_KEY_FILE", "JWT_SIGNING_KEY_FILE", "JWT_KEY_FOLDER"), "/nowhere")
NEW_COLUMN = """from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [migrations.AddField("product", "colour", models.CharField(max_length=20, null=True))]
"""
EVENT = 60  # seconds within which what must happen has happened


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The tree of the answer."""
    lacking = shipped.missing()
    need(not lacking, "".join(lacking[:1]))
    return tree.answer(tmp_path_factory.mktemp("shop") / "tree", STEP)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The home folder of the user, as far as the shop knows."""
    place = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(place))
        patch.delenv("XDG_RUNTIME_DIR", raising=False)
        yield place


@pytest.fixture(scope="module")
def shop(built, home):
    with shipped.shipped(built, **NO_GRACE) as started:
        yield started


@contextmanager
def load(shop, *, back=None):
    """Clients that log in and read their orders all the time. Gives what they got: `status Retry-After`, or `no response`.

    With an event `back`, a client that gets no response waits for it, and tries once more.
    """
    got, over = [], threading.Event()

    def client():
        while not over.is_set():
            got.append(visit(shop, back))

    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(client) for _ in range(CLIENTS)]
        try:
            until(lambda: len(got) > CLIENTS)  # everybody is at work
            yield got
            reached = len(got)
            until(lambda: len(got) > reached + 2 * CLIENTS)  # and goes on afterwards
        finally:
            over.set()
    for each in working:
        each.result()


def visit(shop, back):
    try:
        return log_in_and_read(shop)
    except requests.ConnectionError:
        return visit(shop, None) if back and back.wait(EVENT) else "no response"


def log_in_and_read(shop):
    login = requests.post(f"{shop.url}/api/token/", json=ACCOUNT, verify=shop.verify, timeout=EVENT)
    if login.status_code != 200:
        return told(login)
    header = bearer(login.json()["access"])
    return told(requests.get(f"{shop.url}/user-orders/", headers=header, verify=shop.verify, timeout=EVENT))


def told(response):
    return f"{response.status_code} {response.headers.get('Retry-After', '')}".strip()


def until(happened):
    end = time.monotonic() + EVENT
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_nothing_is_written_into_the_home_folder(shop, home):
    """In a container nothing can be: gunicorn's control socket was an error there."""
    assert log_in_and_read(shop) == "200"
    assert list(home.iterdir()) == []


def test_a_database_that_is_away_is_a_503_and_comes_back_by_itself(shop):
    with load(shop) as got:
        shop.database.stop()
        until(lambda: "503 2" in got)
        shop.database.start()
        until(lambda: got[-1] == "200")
    assert set(got) == {"200", "503 2"}
    assert got[-1] == "200"


@pytest.mark.parametrize(
    ("hosts", "found"), [("localhost", 0), (".localhost, other.example", 0), ("evil.example", 1)]
)
def test_a_container_is_healthy_while_its_server_is_ready(shop, monkeypatch, hosts, found):
    monkeypatch.setenv("DJANGO_ALLOWED_HOSTS", hosts)
    monkeypatch.setattr(probe, "PORT", int(shop.webs[0].url.rpartition(":")[2]))
    assert probe.main() == found


def test_a_container_whose_server_is_gone_is_not_healthy(monkeypatch):
    monkeypatch.setattr(probe, "PORT", 1)  # nobody listens there
    assert probe.main() == 1


def test_new_workers_take_over_without_a_lost_request(shop):
    masters = [int(web.pid.read_text()) for web in shop.webs]
    before = workers(masters)
    with load(shop) as got:
        for web in shop.webs:
            web.reload()
        until(lambda: not before & workers(masters))
    assert set(got) == {"200"}


def test_a_server_that_is_gone_is_missed_by_nobody(shop):
    with load(shop) as got:
        shop.webs[0].stop()
        until(lambda: not shop.webs[0].answers())
        shop.webs[0].launch().wait()
    assert set(got) == {"200"}


def test_a_proxy_that_restarts_costs_no_more_than_one_retry(shop):
    back = threading.Event()
    with load(shop, back=back) as got:
        shop.proxy.restart()
        back.set()
    assert set(got) == {"200"}


def test_without_any_server_the_proxy_says_when_to_try_again(shop):
    for web in shop.webs:
        web.stop()
    token = secrets.token_urlsafe()
    response = requests.get(
        f"{shop.url}/products/?token={token}",
        headers={"Referer": f"{shop.url}/?token={token}"},
        verify=shop.verify,
        timeout=EVENT,
    )
    for web in shop.webs:
        web.launch().wait()
    assert (told(response), response.json()["code"]) == ("503 2", "unavailable")
    assert token not in shop.log()


@pytest.fixture(scope="module")
def verifying(built, shop):
    """A second machine that has the shop's database and its public keys, and no secret."""
    execute(shop.database.url, (SERVER / "deploy/second_machine/rights.sql").read_text())
    with shipped.shipped(
        built,
        settings="deploy.second_machine.settings",
        database=shop.database.url.replace("shop@", "second@"),
        SHOP_KEYS_URL=f"{shop.url}/.well-known/jwks.json",
        SSL_CERT_FILE=shop.verify,  # whose certificates it trusts: the shop's authority's
        **ELSEWHERE,
        **NO_SECRETS,
    ) as second:
        yield second


def log_in(shop, name="ada"):
    account = {"username": name, "password": "test"}
    return requests.post(f"{shop.url}/api/token/", json=account, verify=shop.verify, timeout=EVENT).json()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_second_machine_serves_the_shop_with_the_database_and_the_public_keys_alone(shop, verifying):
    ada, admin = (bearer(log_in(shop, name)["access"]) for name in ("ada", "admin"))
    assert at(verifying, "GET", "/user-orders/", headers=ada).status_code == 200
    older = {"Authorization": ada["Authorization"].replace("Bearer", "Shop")}
    assert at(verifying, "GET", "/user-orders/", headers=older).status_code == 200
    lamp = {"name": "Lamp", "price": "9.90", "stock": 1}
    refused = at(verifying, "POST", "/products/", headers=ada, json=lamp)
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "You do not have permission to perform this action.",
    )
    added = at(verifying, "POST", "/products/", headers=admin, json=lamp)
    assert added.status_code == 201
    product = requests.get(f"{shop.url}/products/{added.json()['id']}/", verify=shop.verify, timeout=EVENT)
    assert product.json()["name"] == "Lamp"
    deleted = at(verifying, "DELETE", f"/products/{added.json()['id']}/", headers=admin)
    assert deleted.status_code == 204


def test_the_database_user_of_a_second_machine_makes_nobody_an_admin(verifying):
    for change in ("UPDATE api_user SET is_staff = true", "DELETE FROM api_user", "TABLE django_session"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(verifying.database, change)


def execute(url, statements):
    with psycopg.connect(url) as connection:
        connection.execute(statements)


def test_the_settings_of_a_second_machine_pass_djangos_own_check(verifying):
    assert "System check identified no issues" in verifying.manage("check", "--deploy")


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SHOP_KEYS_URL"])
def test_a_second_machine_without_a_variable_names_it(verifying, monkeypatch, missing):
    monkeypatch.delitem(verifying.variables, missing)
    assert f"The server cannot start. {missing} is not set." in verifying.manage("check")


def test_a_machine_without_a_private_key_issues_no_token_and_believes_no_other_key(shop, verifying):
    missing = at(verifying, "POST", "/api/token/", json=ACCOUNT)
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    ours = jwt.decode_complete(log_in(shop)["access"], options={"verify_signature": False})
    kid = {"kid": ours["header"]["kid"]}
    stranger = jwt.encode(ours["payload"], Ed25519PrivateKey.generate(), algorithm="EdDSA", headers=kid)
    refused = at(verifying, "GET", "/user-orders/", headers=bearer(stranger))
    assert (refused.status_code, refused.json()["messages"][0]["message"]) == (401, "Token is invalid")


def test_a_machine_that_has_the_public_keys_goes_on_while_the_first_is_away(shop, verifying):
    ada = bearer(log_in(shop)["access"])
    assert at(verifying, "GET", "/user-orders/", headers=ada).status_code == 200  # now it has them
    for web in shop.webs:
        web.stop()
    orders = at(verifying, "GET", "/user-orders/", headers=ada)
    for web in shop.webs:
        web.launch().wait()
    assert orders.status_code == 200


def test_a_second_machine_that_logs_people_in_needs_the_keys_as_well(built, shop):
    with shipped.shipped(built, database=shop.database.url, **ELSEWHERE, **shop.keys, **NO_GRACE) as second:
        login = log_in(shop)
        orders = at(second, "GET", "/user-orders/", headers=bearer(login["access"]))
        renewed = at(second, "POST", "/api/token/refresh/", json={"refresh": login["refresh"]})
        body = {"refresh": login["refresh"]}
        reused = requests.post(f"{shop.url}/api/token/refresh/", json=body, verify=shop.verify, timeout=EVENT)
        ended = at(second, "POST", "/api/token/refresh/", json={"refresh": renewed.json()["refresh"]})
    assert (orders.status_code, renewed.status_code) == (200, 200)
    assert (reused.status_code, reused.json()["detail"]) == (
        401,
        "Token was used before: its family is revoked",
    )
    assert (ended.status_code, ended.json()["detail"]) == (401, "Token family is revoked")


def test_a_second_machine_with_another_key_rejects_the_tokens(built, shop):
    with shipped.shipped(built, database=shop.database.url, **ELSEWHERE) as second:
        login = log_in(shop)
        orders = at(second, "GET", "/user-orders/", headers=bearer(login["access"]))
    assert (orders.status_code, orders.json()["messages"][0]["message"]) == (401, "Token is invalid")


def test_a_backup_taken_while_the_shop_runs_knows_its_sessions(built, shop):
    """With the commands of lesson 12."""
    login = log_in(shop)
    spent = {"refresh": login["refresh"]}
    renewed = requests.post(f"{shop.url}/api/token/refresh/", json=spent, verify=shop.verify, timeout=EVENT)
    with postgresql.cluster() as empty:
        dump, restore = postgresql.find("pg_dump"), postgresql.find("pg_restore")
        backup = subprocess.check_output([dump, "--format=custom", shop.database.url])
        # A backup names the users of the database, and does not hold them.
        execute(empty, "CREATE ROLE second")
        subprocess.run([restore, "--exit-on-error", "--dbname", empty], input=backup, check=True)
        with shipped.shipped(built, database=empty, **ELSEWHERE, **shop.keys, **NO_GRACE) as restored:
            went_on = at(restored, "POST", "/api/token/refresh/", json={"refresh": renewed.json()["refresh"]})
            reused = at(restored, "POST", "/api/token/refresh/", json=spent)
    assert went_on.status_code == 200
    assert (reused.status_code, reused.json()["detail"]) == (
        401,
        "Token was used before: its family is revoked",
    )


def test_a_column_is_added_while_the_code_that_does_not_know_it_serves(shop):
    migration = shop.tree / "api/migrations/0002_colour.py"
    migration.write_text(NEW_COLUMN)
    with load(shop) as got:
        assert "0002_colour... OK" in shop.manage("migrate")
        before = len(got)
        until(lambda: len(got) >= before + CLIENTS)
    migration.unlink()
    assert set(got) == {"200"}


def test_the_job_that_tidies_up_goes_on_after_the_database_was_away(built, home, monkeypatch):
    monkeypatch.setattr("deploy.ship.TIDY", ("tidy_up", "--every", "1"))
    with shipped.shipped(built, web=1, proxy=False, tidy=True) as started:
        log = started.folder / "tidy.log"
        until(lambda: "Deleted 0 expired sessions." in log.read_text())
        started.database.stop()
        until(lambda: "The database does not answer: OperationalError. Next try in 1 s." in log.read_text())
        started.database.start()
        tidied = log.read_text().count("Deleted")
        until(lambda: log.read_text().count("Deleted") > tidied)


def test_a_mistake_in_the_settings_is_a_sentence_with_the_line(tmp_path):
    broken = tree.answer(tmp_path / "tree", STEP)
    with (broken / "drf_course/production.py").open("a") as file:
        file.write("\nNAME = nothing_of_that_name\n")
    with (
        pytest.raises(
            WorkshopError, match=r"did not start\. NameError: name 'nothing_of_that_name' is not defined\n"
        ) as raised,
        shipped.shipped(broken),
    ):
        pass
    assert "work/drf_course/production.py" in str(raised.value) or "drf_course/production.py" in str(
        raised.value
    )


def test_ship_says_what_is_missing_in_work(workshop):
    run = workshop("ship")
    assert (run.returncode, run.stdout) == (1, "")
    assert "work/drf_course/production.py is not there yet. Begin with: make start STEP=12" in run.stderr


PROGRAM = """
import sys, time
from pathlib import Path
from workshop.servers import shipped
with shipped.shipped(Path(sys.argv[1])) as shop:
    print(shop.folder, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are counted in /proc")
def test_every_part_ends_with_the_process_that_started_it(built):
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(built)], stdout=subprocess.PIPE, text=True
    ) as parent:
        folder = parent.stdout.readline().strip()
        found = running(folder)
        parent.send_signal(signal.SIGKILL)
    assert len(found) >= 8, "two gunicorns with their workers, nginx and PostgreSQL should have run"
    until(lambda: not running(folder))


def running(folder):
    """The ids of the processes that name the folder in their command."""
    found = set()
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            if folder in command.read_text():
                found.add(int(command.parent.name))
    return found


def workers(masters):
    """The ids of the processes that answer requests: the children of the gunicorns."""
    children = set()
    for master in masters:
        children |= set(Path(f"/proc/{master}/task/{master}/children").read_text().split())
    return children


def at(shop, method, path, *, headers=None, **options):
    """A request to the first server of a shop without a proxy, as its proxy would send it."""
    ours = {"Host": "localhost", "X-Forwarded-Proto": "https"} | (headers or {})
    return requests.request(method, f"{shop.webs[0].url}{path}", headers=ours, timeout=EVENT, **options)
