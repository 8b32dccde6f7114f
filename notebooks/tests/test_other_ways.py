"""What a solution's README calls right as well, is right: all checks of the step pass with it."""

import pytest
import requests

from workshop import paths
from workshop.authoring import rules
from workshop.claims import parts
from workshop.learner import manifest, tree
from workshop.servers.live_server import LiveServer

STEM = "06_custom_claims"
SERIALIZERS = "drf_course/auth_serializers.py"
REFRESH = "\n\nclass CustomTokenRefreshSerializer"
OURS = "drf_course.auth_serializers.Custom"
NAMED_IN_THE_SETTINGS = (
    f'    "TOKEN_OBTAIN_SERIALIZER": "{OURS}TokenObtainPairSerializer",\n'
    f'    "TOKEN_REFRESH_SERIALIZER": "{OURS}TokenRefreshSerializer",\n'
)
ROTATION = '    "ROTATE_REFRESH_TOKENS": True,\n    "BLACKLIST_AFTER_ROTATION": True,\n'
AT_THE_LOGIN = """\
    def validate(self, attrs):
        data = super().validate(attrs)
        access = self.token_class.access_token_class(data["access"])
        return data | {"access": str(add_claims(access, self.user))}
"""
IN_THE_ANSWER = """
    def validate(self, attrs):
        return super().validate(attrs) | {"username": self.user.username}
"""


def answer(place):
    return tree.answer(place, manifest.find(STEM))


def with_settings(built, entries):
    file = built / "drf_course/simple_jwt.py"
    before, _, after = file.read_text().rpartition("}")
    file.write_text(f"{before}{entries}}}{after}")


def serializers_in_the_settings(place):
    """No view, no change in urls.py: two lines in simple_jwt.py."""
    built = answer(place)
    (built / "drf_course/custom_token_view.py").unlink()
    (built / "drf_course/urls.py").write_text((paths.SERVER / "drf_course/urls.py").read_text())
    with_settings(built, NAMED_IN_THE_SETTINGS)
    return built


def claim_on_the_access_token_only(place):
    """The refresh token stays small; the refresh writes the claim anew."""
    built = answer(place)
    before, _, rest = (built / SERIALIZERS).read_text().partition("    @classmethod\n")
    (built / SERIALIZERS).write_text(before + AT_THE_LOGIN + REFRESH + rest.partition(REFRESH)[2])
    return built


def name_in_the_answer_as_well(place):
    built = answer(place)
    before, _, after = (built / SERIALIZERS).read_text().partition(REFRESH)
    (built / SERIALIZERS).write_text(before + IN_THE_ANSWER + REFRESH + after)
    return built


@pytest.mark.parametrize(
    "build", [serializers_in_the_settings, claim_on_the_access_token_only, name_in_the_answer_as_well]
)
def test_the_other_way_passes_every_check_of_the_step(build):
    outcomes = rules.run_variant(build, [manifest.find(STEM)])
    assert [(each.check, each.message) for each in outcomes if each.state != "passed"] == []
    assert outcomes


def test_the_answer_works_with_rotation_and_the_blacklist(tmp_path):
    built = answer(tmp_path / "tree")
    with_settings(built, ROTATION)
    settings = built / "drf_course/settings.py"
    app = '"rest_framework_simplejwt"'
    settings.write_text(settings.read_text().replace(f"{app},", f'{app},\n    {app[:-1]}.token_blacklist",'))
    with LiveServer(built) as server:
        account = {"username": "ada", "password": "test"}
        first = requests.post(f"{server.url}/api/token/", json=account, timeout=5).json()
        server.shell('User.objects.filter(username="ada").update(username="ada.lovelace")')
        answers = [
            requests.post(f"{server.url}/api/token/refresh/", json={"refresh": first["refresh"]}, timeout=5)
            for _ in range(2)
        ]
    second = answers[0].json()
    assert [parts(second[kind])[1]["username"] for kind in ("access", "refresh")] == ["ada.lovelace"] * 2
    assert (answers[1].status_code, answers[1].json()["detail"]) == (401, "Token is blacklisted")


def test_the_documentation_of_the_answer_is_as_before_but_for_words(tmp_path):
    with (
        LiveServer(answer(tmp_path / "answer")) as ours,
        LiveServer(tree.shop(tmp_path / "shop")) as before,
    ):
        schemas = [
            requests.get(f"{each.url}/api/schema/?format=json", timeout=5).json() for each in (ours, before)
        ]
        said = ours.log_with("/api/schema/")
    assert without_descriptions(schemas[0]) == without_descriptions(schemas[1])
    assert "Warning [" not in said
    assert "Error [" not in said


def without_descriptions(schema):
    if isinstance(schema, dict):
        return {name: without_descriptions(value) for name, value in schema.items() if name != "description"}
    return [without_descriptions(value) for value in schema] if isinstance(schema, list) else schema
