"""Variables that cannot be used stop the start, each with a sentence."""

import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from hardening import environment

SERVER = Path(environment.__file__).parent.parent
GOOD_KEY = secrets.token_urlsafe(64)


@pytest.mark.parametrize("value", ["", "0", "-1", "soon", "5m", "nan", "inf", "1e-9", "1e300", "9e9"])
def test_a_lifetime_that_is_no_positive_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("JWT_ACCESS_SECONDS", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.lifetimes()
    assert f"JWT_ACCESS_SECONDS is {value!r}. Set it to a positive number of seconds" in str(refusal.value)


@pytest.mark.parametrize("value", ["", "maybe", "2"])
def test_a_flag_that_is_neither_on_nor_off_is_refused(monkeypatch, value):
    monkeypatch.setenv("DJANGO_DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match=f"DJANGO_DEBUG is '{value}'. Set it to 1"):
        environment.flag("DJANGO_DEBUG", default=True)


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("", "is missing"),
        ("   ", "is missing"),
        ("django-insecure-" + "0123456789" * 5, "is weak"),
        ("Change-me-" * 10, "is weak"),
        ("0123456789abcdef" * 3 + "x", "is weak"),
        ("abcdabcd" * 10, "is weak"),
    ],
)
def test_a_weak_key_is_refused_in_production(monkeypatch, tmp_path, key, fault):
    monkeypatch.setenv("DJANGO_SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.key("DJANGO_SECRET_KEY", debug=False, key_file=tmp_path / "key")
    assert f"DJANGO_SECRET_KEY {fault}." in str(refusal.value)
    assert not key.strip() or key not in str(refusal.value)
    assert not (tmp_path / "key").exists()


def test_a_key_is_refused_by_the_name_of_its_own_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("JWT_SIGNING_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match=r"JWT_SIGNING_KEY is weak\. With DJANGO_DEBUG off"):
        environment.key("JWT_SIGNING_KEY", debug=False, key_file=tmp_path / "key")
    monkeypatch.delenv("JWT_SIGNING_KEY")
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="or set JWT_SIGNING_KEY"):
        environment.key("JWT_SIGNING_KEY", debug=True, key_file=tmp_path / "file" / "key")


@pytest.mark.parametrize(
    "url", ["not-an-address", "oracel://u:hunter2@host/name", "postgresql://u:hunter2@host:x/n"]
)
@pytest.mark.parametrize("settings_module", ["hardening.settings", "drf_course.settings"])
def test_a_database_address_that_cannot_be_read_is_refused_without_its_password(manage, url, settings_module):
    run = manage("check", DATABASE_URL=url, DJANGO_SETTINGS_MODULE=settings_module)
    assert run.returncode == 1
    assert run.stderr.startswith("The server cannot start. DATABASE_URL cannot be read. ")
    assert "hunter2" not in run.stderr


def test_a_folder_that_takes_no_key_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match="Make the folder writable, or set DJANGO_SECRET_KEY"):
        environment.development_key(tmp_path / "file" / "key")


@pytest.mark.parametrize("text", ["", "half a key"])
def test_a_broken_key_file_is_named(monkeypatch, tmp_path, text):
    monkeypatch.setattr(environment.time, "sleep", lambda seconds: None)
    (tmp_path / "key").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=r"key holds no whole key\. Delete the file"):
        environment.development_key(tmp_path / "key")


def test_servers_that_start_at_once_agree_on_one_key(tmp_path):
    program = "import sys, pathlib; from hardening.environment import development_key as key; input(); "
    program += "print(key(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", program, str(tmp_path / "key")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    servers = [subprocess.Popen(command, cwd=SERVER, **pipes) for _ in range(6)]
    for server in servers:
        server.stdin.write("\n")
        server.stdin.flush()
    keys = {server.communicate(timeout=30)[0].strip() for server in servers}
    assert len(keys) == 1
    assert (tmp_path / "key").read_text().strip() in keys
    assert len(keys.pop()) >= 64


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_only_the_owner_reads_the_development_key(tmp_path):
    environment.development_key(tmp_path / "key")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_a_key_in_the_environment_is_used_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("DJANGO_SECRET_KEY", GOOD_KEY)
    for debug in (True, False):
        assert environment.key("DJANGO_SECRET_KEY", debug=debug, key_file=tmp_path / "key") == GOOD_KEY


def test_lifetimes_may_be_fractions_of_a_second(monkeypatch):
    monkeypatch.setenv("JWT_ACCESS_SECONDS", "2.5")
    monkeypatch.delenv("JWT_REFRESH_SECONDS", raising=False)
    (name, length), *others = environment.lifetimes().items()
    assert (name, length.total_seconds(), others) == ("ACCESS_TOKEN_LIFETIME", 2.5, [])


@pytest.mark.parametrize(("value", "meaning"), [("1", True), ("YES", True), ("off", False), ("False", False)])
def test_a_flag_has_several_spellings(monkeypatch, value, meaning):
    monkeypatch.setenv("DJANGO_DEBUG", value)
    assert environment.flag("DJANGO_DEBUG", default=not meaning) is meaning


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"JWT_ACCESS_SECONDS": "soon"}, "The server cannot start. JWT_ACCESS_SECONDS is 'soon'. Set it to"),
        (
            {"DJANGO_DEBUG": "0"},
            "The server cannot start. DJANGO_SECRET_KEY is missing. With DJANGO_DEBUG off",
        ),
    ],
)
def test_the_server_stops_with_one_sentence(manage, variables, sentence):
    run = manage("runserver", "--noreload", "--stop-with-parent", "127.0.0.1:0", **variables)
    assert run.returncode == 1
    assert run.stderr.startswith(sentence)
    assert "Traceback" not in run.stderr


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(f"{GOOD_KEY}\n")
    monkeypatch.setenv("DJANGO_SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.delenv("DJANGO_SECRET_KEY", raising=False)
    assert environment.key("DJANGO_SECRET_KEY", debug=False, key_file=tmp_path / "unused") == GOOD_KEY
    (tmp_path / "key").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="DJANGO_SECRET_KEY is weak"):
        environment.key("DJANGO_SECRET_KEY", debug=False, key_file=tmp_path / "unused")


@pytest.mark.parametrize(
    ("content", "variable", "sentence"),
    [
        (None, None, "DATABASE_URL_FILE names {file}, which cannot be read: No such file or directory."),
        (b"\n", None, "DATABASE_URL_FILE names {file}, which is empty. Write the secret into it."),
        (b"\xff\xfe", None, "DATABASE_URL_FILE names {file}, which cannot be read: it is no text."),
        (b"sqlite://", "sqlite://", "DATABASE_URL and DATABASE_URL_FILE are both set. Unset one of them."),
    ],
)
def test_a_secret_file_that_cannot_be_used_is_refused(monkeypatch, tmp_path, content, variable, sentence):
    file = tmp_path / "address"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))
    monkeypatch.setenv("DATABASE_URL", variable or "")
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.database()
    assert str(refusal.value) == sentence.format(file=file)


@pytest.fixture
def secret_file(request, monkeypatch, tmp_path):
    """The file of the secret key, with the mode of the test's parameter."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such file modes")
    file = tmp_path / "key"
    file.write_text(GOOD_KEY)
    file.chmod(request.param)
    monkeypatch.setenv("DJANGO_SECRET_KEY_FILE", str(file))
    monkeypatch.delenv("DJANGO_SECRET_KEY", raising=False)
    return file


@pytest.mark.parametrize("secret_file", [0o602, 0o606, 0o622, 0o666, 0o777], indirect=True)
def test_a_secret_file_that_everybody_may_write_is_refused(secret_file):
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.key("DJANGO_SECRET_KEY", debug=False, key_file=secret_file.with_name("unused"))
    assert f"DJANGO_SECRET_KEY_FILE names {secret_file}, which everybody may write" in str(refusal.value)
    assert GOOD_KEY not in str(refusal.value)


@pytest.mark.parametrize("secret_file", [0o400, 0o600, 0o440, 0o444, 0o644], indirect=True)
def test_a_secret_file_as_containers_get_it_is_used(secret_file):
    unused = secret_file.with_name("unused")
    assert environment.key("DJANGO_SECRET_KEY", debug=False, key_file=unused) == GOOD_KEY


def test_the_production_settings_pass_every_deployment_check(manage):
    production = {"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": GOOD_KEY}
    run = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "System check identified no issues (0 silenced).\n"


def test_two_header_types_pass_every_deployment_check_too(manage, tmp_path):
    two = "from hardening.settings import *\nSIMPLE_JWT = SIMPLE_JWT | {'AUTH_HEADER_TYPES': ('Bearer', 'Shop')}\n"
    (tmp_path / "two.py").write_text(two)
    production = {"DJANGO_DEBUG": "0", "DJANGO_SECRET_KEY": GOOD_KEY, "PYTHONPATH": str(tmp_path)}
    run = manage("check", "--deploy", "--fail-level", "WARNING", DJANGO_SETTINGS_MODULE="two", **production)
    assert (run.returncode, run.stderr) == (0, "")
