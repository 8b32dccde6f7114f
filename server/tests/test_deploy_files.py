"""The files for containers: whatever they name exists, and nothing secret is in them. No container engine is needed."""

import re
import stat
from datetime import timedelta
from ipaddress import ip_address, ip_network
from types import SimpleNamespace

import pytest
import yaml
from cryptography import x509
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken, SlidingToken, UntypedToken

from deploy import certificates, checks, proxy, ship
from testkit.servers import SERVER

DEPLOY, CLONE = SERVER / "deploy", SERVER.parent
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
OURS = ("migrate", "web", "tidy")


def test_every_placeholder_of_the_proxys_file_gets_a_value_from_compose_and_from_ship():
    wanted = set(re.findall(r"\$\{(\w+)\}", (DEPLOY / "nginx.conf.template").read_text()))
    assert wanted == set(COMPOSE["services"]["proxy"]["environment"])
    filled = proxy.filled_in("${SHOP_HTTP} $host", {"SHOP_HTTP": "80"})
    assert filled == "80 $host"


def test_every_secret_that_a_service_asks_for_is_declared_and_mounted_where_it_is_read():
    for name, service in COMPOSE["services"].items():
        asked = set(service.get("secrets", []))
        assert asked <= set(COMPOSE["secrets"]), name
        files = [
            value
            for value in service.get("environment", {}).values()
            if str(value).startswith("/run/secrets/")
        ]
        assert {file.rpartition("/")[2] for file in files} == asked, name


def test_no_variable_of_a_service_is_a_secret():
    for service in COMPOSE["services"].values():
        names = service.get("environment", {})
        assert [name for name in names if re.search("(KEY|PASSWORD|DATABASE_URL)$", name)] == []


def test_each_service_of_ours_runs_without_rights_and_writes_nothing():
    for name in OURS:
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
    assert "\nUSER shop\n" in DOCKERFILE
    assert "HEALTHCHECK" in DOCKERFILE


def test_the_job_that_tidies_up_is_the_same_with_and_without_containers():
    assert COMPOSE["services"]["tidy"]["command"] == ["python", "manage.py", *ship.TIDY]


def test_the_proxy_is_believed_at_the_address_it_has():
    address = COMPOSE["services"]["proxy"]["networks"]["inside"]["ipv4_address"]
    assert COMPOSE["services"]["web"]["environment"]["DJANGO_TRUSTED_PROXIES"] == address
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert "ports" not in COMPOSE["services"]["web"], "past the proxy nobody may come in"


def test_every_file_that_is_copied_or_mounted_exists():
    context = (DEPLOY / COMPOSE["services"]["web"]["build"]["context"]).resolve()
    assert context == CLONE
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.M)
    assert [name for name in copied if "${TREE}" not in name and not (CLONE / name).exists()] == []
    mounted = [volume.partition(":")[0] for volume in COMPOSE["services"]["proxy"]["volumes"]]
    assert (DEPLOY / mounted[0]).is_file()


def test_the_address_that_is_trusted_is_the_proxys_and_no_other_container_is_given_it():
    """An engine gives addresses away in the order of starts: the database took the proxy's, which could not start then."""
    services, [inside] = COMPOSE["services"], COMPOSE["networks"]["inside"]["ipam"]["config"]
    trusted = services["web"]["environment"]["DJANGO_TRUSTED_PROXIES"]
    assert services["proxy"]["networks"]["inside"] == {"ipv4_address": trusted}
    assert ip_address(trusted) in ip_network(inside["subnet"])
    assert ip_address(trusted) not in ip_network(inside["ip_range"])


def test_the_image_starts_what_exists():
    assert "deploy/gunicorn.conf.py" in DOCKERFILE
    assert (DEPLOY / "probe.py").is_file()
    example = (DEPLOY / ".env.example").read_text()
    assert set(re.findall(r"\$\{(\w+)[:}]", (DEPLOY / "compose.yaml").read_text())) == set(
        re.findall(r"^(\w+)=", example, re.M)
    )


@pytest.mark.parametrize(
    "kept_out",
    [
        "server/tests",
        "server/testkit",
        "server/vulnerable",
        "**/.development_key",
        "**/.env",
        "work/.history",
    ],
)
def test_what_belongs_to_development_stays_outside_the_image(kept_out):
    assert kept_out in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()


def test_only_the_owner_reads_the_key_of_a_rehearsals_certificate(tmp_path):
    certificates.make(tmp_path)
    assert stat.S_IMODE((tmp_path / "shop.key").stat().st_mode) == 0o600
    server = x509.load_pem_x509_certificate((tmp_path / "shop.pem").read_bytes())
    authority = x509.load_pem_x509_certificate((tmp_path / "authority.pem").read_bytes())
    server.verify_directly_issued_by(authority)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


RIGHT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=1),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "SIGNING_KEY": "k" * 64,
    "LEEWAY": 60,
    "ISSUER": "shop",
    "AUDIENCE": "shop",
    "ROTATE_REFRESH_TOKENS": True,
    "TOKEN_TYPE_CLAIM": "token_type",
    "CHECK_USER_IS_ACTIVE": True,
    "AUTH_TOKEN_CLASSES": (AccessToken,),
}


@pytest.fixture
def found(monkeypatch):
    """The warnings for these settings of simplejwt, laid over right ones."""

    def ids(**changed):
        monkeypatch.setattr(checks, "api_settings", SimpleNamespace(**(RIGHT | changed)))
        return [warning.id for warning in checks.check_tokens(None)]

    return ids


@pytest.mark.parametrize(
    ("changed", "warning"),
    [
        ({"ACCESS_TOKEN_LIFETIME": timedelta(hours=1, seconds=1)}, "deploy.W001"),
        ({"REFRESH_TOKEN_LIFETIME": timedelta(days=30, seconds=1)}, "deploy.W002"),
        ({"SIGNING_KEY": "rest_framework_simplejwt"}, "deploy.W003"),
        ({"LEEWAY": 61}, "deploy.W004"),
        ({"LEEWAY": timedelta(minutes=2)}, "deploy.W004"),
        ({"AUDIENCE": None}, "deploy.W005"),
        ({"ISSUER": None}, "deploy.W005"),
        ({"ROTATE_REFRESH_TOKENS": False}, "deploy.W006"),
        ({"TOKEN_TYPE_CLAIM": None}, "deploy.W007"),
        ({"CHECK_USER_IS_ACTIVE": False}, "deploy.W009"),
        ({"AUTH_TOKEN_CLASSES": (AccessToken, RefreshToken)}, "deploy.W010"),
        ({"AUTH_TOKEN_CLASSES": (UntypedToken,)}, "deploy.W010"),
    ],
)
def test_each_token_mistake_has_a_warning_of_its_own(found, changed, warning):
    assert found(**changed) == [warning]


def test_settings_at_the_limit_get_no_warning(found):
    assert found() == []


def test_sliding_tokens_are_access_tokens(found):
    assert found(AUTH_TOKEN_CLASSES=(SlidingToken,)) == []


LOCAL, SHARED = (f"django.core.cache.backends.{name}" for name in ("locmem.LocMemCache", "db.DatabaseCache"))
THROTTLED = {
    "NUM_PROXIES": 1,
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
}


@pytest.mark.parametrize(
    ("changed", "cache", "warnings"),
    [
        ({}, LOCAL, ["deploy.W012"]),
        ({}, SHARED, []),
        ({"DEFAULT_THROTTLE_CLASSES": []}, LOCAL, []),
        ({"NUM_PROXIES": None}, SHARED, ["deploy.W011"]),
        ({"NUM_PROXIES": 0}, SHARED, []),
    ],
)
def test_each_throttle_mistake_has_a_warning_of_its_own(settings, changed, cache, warnings):
    settings.REST_FRAMEWORK = THROTTLED | changed
    settings.CACHES = {"default": {"BACKEND": cache, "LOCATION": "counted"}}
    assert [warning.id for warning in checks.check_throttles(None)] == warnings


def test_the_throttle_of_the_shop_as_it_comes_gets_no_warning():
    assert checks.check_throttles(None) == []


@pytest.mark.parametrize("key", [None, "", b"bytes"])
def test_a_key_that_is_no_text_is_in_no_file(found, key):
    assert found(SIGNING_KEY=key) == []


@pytest.mark.parametrize("line_end", ["\n", r"\n"], ids=["several lines", "one line"])
def test_a_private_key_in_a_file_of_the_project_is_reported(found, monkeypatch, tmp_path, line_end):
    settings = tmp_path / "drf_course/production.py"
    settings.parent.mkdir()
    monkeypatch.setattr("drf_course.environment.BASE_DIR", tmp_path)
    settings.write_text(f"KEY = '''-----BEGIN PRIVATE KEY-----{line_end}{'Ab3+' * 12}'''")
    assert found(SIGNING_KEY=object()) == ["deploy.W003"]
    settings.write_text("KEY = Path('shop.pem')  # begins with -----BEGIN PRIVATE KEY-----")
    assert found(SIGNING_KEY=object()) == []


def test_the_token_lab_is_reported(found, settings):
    settings.TOKEN_LAB = True
    assert found() == ["deploy.W008"]
