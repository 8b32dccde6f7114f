"""What the README of step 06 says of its answer beside the checks: rotation, and the documentation."""

import requests

from workshop.claims import parts
from workshop.learner import manifest, tree
from workshop.servers.live_server import LiveServer

STEM = "06_custom_claims"
ROTATION = '    "ROTATE_REFRESH_TOKENS": True,\n    "BLACKLIST_AFTER_ROTATION": True,\n'


def answer(place):
    return tree.answer(place, manifest.find(STEM))


def with_settings(built, entries):
    file = built / "drf_course/simple_jwt.py"
    before, _, after = file.read_text().rpartition("}")
    file.write_text(f"{before}{entries}}}{after}")


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
