"""The pages about a project of one's own, followed block by block in an empty folder, with a real runserver."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import requests

from workshop import paths
from workshop.errors import WorkshopError
from workshop.learner import manifest, tree
from workshop.servers import template
from workshop.servers.own_project import OwnProject

PAGE = paths.LESSONS / "add_it_to_your_own_project.md"
FAMILIES = paths.LESSONS / "take_token_families_with_you.md"
BLOCK = re.compile(
    r"(?:^\*\*`(?P<path>[^`]+)`\*\*\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
PASSWORD = "a long password"
APPEND = "# Add at the end.\n"
START_LIMIT = 30  # seconds


class Project:
    """A folder in which the page's blocks are carried out, and the server that runs what is in it."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port, self.tokens = folder, port, {}
        self.server: subprocess.Popen | None = None
        ours = ("DJANGO_", "JWT_", "PYTEST", "DATABASE_URL")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD

    def type(self, line: str) -> None:
        """Run one line of a terminal; the server's line waits until the next request."""
        if line.endswith(" runserver"):
            return
        if line.startswith("sleep "):
            return time.sleep(float(line.removeprefix("sleep ")))
        if line.startswith("cp "):
            return self.copy(line)
        arguments = re.findall(r"(?:[^\s\"]|\"[^\"]*\")+", line)[1:]
        if "createsuperuser" in arguments:
            arguments.append("--noinput")  # the password comes from the environment, as there is no terminal
        command = [sys.executable, *arguments]
        subprocess.run(command, cwd=self.folder, env=self.environment, check=True, capture_output=True)

    def copy(self, line: str) -> None:
        """Copy a folder out of a learner's copy in which step 08 is solved, where the page has `work/`."""
        source = re.fullmatch(r"cp -r \.\./workshop/work/(\w+) \.", line)[1]
        solved = tree.answer(self.folder.parent / "work", manifest.find("08_reuse_detection"))
        shutil.copytree(solved / source, self.folder / source)

    def write(self, path: str, text: str) -> None:
        """Write a file as shown, or add to it; a server that runs is stopped, and started by the next request."""
        self.stop()
        file = self.folder / path
        if text.startswith(APPEND):
            text = file.read_text() + text.removeprefix(APPEND)
        file.write_text(text)

    def send(self, shown: str) -> requests.Response:
        """Send a request as shown, with the tokens of the last login in place of <access> and <refresh>."""
        self.start()
        for kind, token in self.tokens.items():
            shown = shown.replace(f"<{kind}>", token)
        head, _, body = shown.partition("\n\n")
        first, *lines = head.splitlines()
        method, path, _ = first.split()
        headers = dict(line.split(": ", 1) for line in lines if not line.startswith("Host: "))
        url = f"http://127.0.0.1:{self.port}{path}"
        response = requests.request(method, url, headers=headers, data=body.strip() or None, timeout=10)
        if response.ok and isinstance(response.json(), dict):
            self.tokens |= {"spent refresh": self.tokens.get("refresh", "")} | response.json()
        return response

    def start(self) -> None:
        if self.server is None:
            command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.server = subprocess.Popen(command, cwd=self.folder, env=self.environment, **quiet)
            self.wait()

    def wait(self) -> None:
        limit = time.monotonic() + START_LIMIT
        while time.monotonic() < limit:
            assert self.server.poll() is None, "the project's server ended at its start"
            try:
                return requests.get(f"http://127.0.0.1:{self.port}/", timeout=5).close()
            except requests.ConnectionError:
                time.sleep(0.05)
        pytest.fail(f"the project's server did not listen within {START_LIMIT} s")

    def stop(self) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait()
            self.server = None


@pytest.fixture
def project(tmp_path, free_port):
    (tmp_path / "project").mkdir()
    project = Project(tmp_path / "project", free_port)
    yield project
    project.stop()


def blocks(page=PAGE):
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def follow(project: Project, page: Path) -> list[int]:
    """Carry out every block of a page, in order. Gives the status of each response, compared with the one shown."""
    statuses, response = [], None
    for block in blocks(page):
        text, path = block["text"], block["path"]
        if path:
            project.write(path, text)
        elif block["language"] == "sh" and text != install_line():
            for line in text.splitlines():
                project.type(line)
        elif block["language"] == "http" and text.startswith("HTTP/"):
            compare(project, text, response)
            statuses.append(response.status_code)
        elif block["language"] == "http":
            response = project.send(text)
    return statuses


def install_line():
    (line,) = [block["text"] for block in blocks() if "pip install" in block["text"]]
    return line


def compare(project: Project, shown: str, response: requests.Response) -> None:
    """The status, the headers and the body that the page shows are what the server sent."""
    head, _, body = shown.partition("\n\n")
    status, *headers = head.splitlines()
    assert f"HTTP/1.1 {response.status_code} {response.reason}" == status, response.text[:300]
    for line in headers:
        name, value = line.split(": ", 1)
        assert response.headers[name] == value
    wanted = json.loads(body)
    got = response.json()
    if isinstance(wanted, dict) and "access" in wanted:
        assert list(got) == list(wanted)
        assert {name: f"<{name}>" for name in got} == wanted
    else:
        assert got == wanted


def test_the_install_line_names_the_versions_of_this_workshop():
    pins = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = [pin.replace("[crypto]", "") for pin in pins]  # the page needs no key pair
    named = re.findall(r'"([^"]+)"', install_line())
    assert len(named) == 3
    assert set(named) <= set(pins)


def test_the_pages_build_a_protected_project_from_nothing_and_take_token_families_into_it(project):
    assert follow(project, PAGE) == [200, 200, 401, 200, 200, 401, 200, 200]
    assert follow(project, FAMILIES) == [200, 200, 401, 401]


def test_the_page_shows_what_was_promised():
    written = {block["path"] for block in blocks() if block["path"]}
    assert written == {"notes/views.py", "mysite/urls.py", "mysite/settings.py"}
    last = [block["text"] for block in blocks() if block["path"] == "mysite/urls.py"][-1]
    assert last.count('path("api/token/') == 3


@pytest.fixture
def solved(tmp_path):
    return tree.answer(tmp_path / "work", manifest.find("01_token_pair"))


def test_the_project_of_step_01_responds_as_a_stock_server_does(solved):
    with OwnProject(solved) as server:
        bad = {"Authorization": "Bearer something"}
        response = requests.get(f"{server.url}/notes/", headers=bad, timeout=10)
        account = {"username": "ada", "password": "test"}
        login = requests.post(f"{server.url}/api/token/", json=account, timeout=10)
    assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="api"'  # ours adds the error
    assert login.status_code == 200
    assert "Cache-Control" not in login.headers  # ours says no-store


def test_a_mistake_in_the_project_is_named_with_its_file_and_line(solved):
    (solved / "own_project/mysite/urls.py").write_text("urlpatterns = [\n    path(),\n]\n")
    with pytest.raises(WorkshopError, match=r"work/own_project/mysite/urls\.py, line 2"):
        OwnProject(solved).start()


def test_a_setting_of_the_project_makes_no_new_database_of_the_shop(solved):
    before = template.fingerprint(solved)
    settings = solved / "own_project/mysite/settings.py"
    settings.write_text(settings.read_text() + "DEBUG = False\n")
    assert template.fingerprint(solved) == before
    settings = solved / "drf_course/settings.py"
    settings.write_text(settings.read_text() + "DEBUG = False\n")
    assert template.fingerprint(solved) != before
