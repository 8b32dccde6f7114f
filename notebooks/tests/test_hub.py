"""A JupyterHub with two users at once, who share one installation that they cannot write to."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests
from jupyter_client.session import Session
from websocket import create_connection

from testkit.machine import free_port, need
from workshop import paths
from workshop.learner.tree import LEFT_OUT

PROXY = paths.ROOT / "node_modules/.bin/configurable-http-proxy"
PEOPLE = {"ann": 20001, "ben": 20002}  # their user ids, where this test may give them some
PASSWORD = "a-password-for-this-test-only"
CONFIG = """\
def begin(spawner):
    spawner.port, spawner.cmd = {servers}[spawner.user.name]


c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{homes}/{{username}}"
c.Spawner.environment = {{"PYTHONPATH": "{clone}/notebooks:{clone}/server", "JUPYTER_PREFER_ENV_PATH": "0"}}
c.Spawner.pre_spawn_hook = begin
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
"""
FIRST_CELL = """\
import requests
from workshop.notebook import open_step
server = open_step("00_meet_the_server")
print("port", server.port, requests.get(server.url + "/products/").status_code)
"""


AS_ROOT = os.name == "posix" and os.geteuid() == 0
FOLDERS = {*Path(sys.prefix, "bin").parents, *Path(sys.executable).resolve().parents}
EVERYBODY_REACHES_IT = all(folder.stat().st_mode & stat.S_IXOTH for folder in FOLDERS)
EACH_AS_A_USER = AS_ROOT and EVERYBODY_REACHES_IT


def server_of(name):
    """The command of somebody's server: as a user of their own, or else, for root, without the power to write everywhere."""
    powers = "-dac_override,-dac_read_search"
    as_somebody = []
    if EACH_AS_A_USER:
        as_somebody = ["setpriv", f"--reuid={PEOPLE[name]}", f"--regid={PEOPLE[name]}", "--clear-groups"]
    elif AS_ROOT:
        as_somebody = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}"]
    return [*as_somebody, sys.executable, "-m", "jupyterhub.singleuser", "--allow-root"]


@pytest.fixture
def top():
    """A read-only clone and a home for each user."""
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    clone = top / "clone"
    for name in ("notebooks", "solutions", "server", "lessons"):
        shutil.copytree(paths.ROOT / name, clone / name, ignore=LEFT_OUT)
    for lock in paths.ROOT.glob("requirements*.txt"):
        shutil.copy(lock, clone)
    for path in (*clone.rglob("*"), clone):
        path.chmod(0o555 if path.is_dir() else 0o444)
    top.chmod(0o755)
    for name, user in PEOPLE.items():
        home = top / "homes" / name
        home.mkdir(parents=True)
        if EACH_AS_A_USER:
            os.chown(home, user, user)
    yield top
    for path in (clone, *clone.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(top)


@pytest.fixture
def hub(top, eventually, listens):
    """The address of a JupyterHub that lets these people in; it and all that it started end with the test."""
    need(find_spec("jupyterhub"), "jupyterhub is not installed. `.venv` with requirements-hub.txt has it.")
    need(PROXY.exists(), "configurable-http-proxy is not installed. In the repository, `npm ci` installs it.")
    ports = [free_port() for _ in range(3 + len(PEOPLE))]
    servers = {name: (port, server_of(name)) for name, port in zip(PEOPLE, ports[3:], strict=True)}
    (top / "config.py").write_text(
        CONFIG.format(
            public=ports[0],
            hub=ports[1],
            api=ports[2],
            proxy=str(PROXY),
            password=PASSWORD,
            homes=top / "homes",
            clone=top / "clone",
            servers=servers,
        )
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WORKSHOP", "JUPYTER", "PYTEST"))
    }
    command = [sys.executable, "-m", "jupyterhub", "-f", str(top / "config.py")]
    with (top / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=top, env=kept, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{ports[0]}"
        eventually(
            lambda: listens(ports[0]) and requests.get(f"{address}/hub/login", timeout=60).ok, within=120
        )
        yield address
    finally:
        process.terminate()
        process.wait(30)


class User:
    """One person with a browser: logs in, starts the server, opens a kernel, runs a cell."""

    def __init__(self, hub, name):
        self.hub, self.name, self.web = hub, name, requests.Session()
        form = self.web.get(f"{hub}/hub/login", timeout=30)
        data = {"username": name, "password": PASSWORD, "_xsrf": self.web.cookies["_xsrf"]}
        assert form.ok
        self.web.post(f"{hub}/hub/login", data=data, timeout=120)
        self.base = f"{hub}/user/{name}"
        self.wait_until_ready()
        # The page brings the permission to ask that server.
        page = self.web.get(f"{self.base}/lab", timeout=60)
        assert page.url.startswith(f"{self.base}/lab"), page.url
        assert self.web.get(f"{self.base}/api/status", timeout=60).ok

    def wait_until_ready(self):
        """What the page "Your server is starting up" does: it listens to the hub's events until one is the last."""
        address = f"{self.hub}/hub/api/users/{self.name}/server/progress"
        with self.web.get(address, stream=True, timeout=150) as events:
            told = [line for line in events.iter_lines(decode_unicode=True) if line.startswith("data:")]
        assert told, f"{events.status_code} {events.text[:300]}"
        assert json.loads(told[-1].removeprefix("data:")).get("ready"), told[-1]

    def marks(self):
        """The header that the server wants of a POST."""
        found = [
            cookie.value for cookie in self.web.cookies if cookie.name == "_xsrf" and self.name in cookie.path
        ]
        return {"X-XSRFToken": found[-1]} if found else {}

    def close(self):
        self.web.close()
        self.channel.close()

    def run(self, cell):
        """What the cell prints in a new kernel."""
        kernel = self.web.post(f"{self.base}/api/kernels", json={}, headers=self.marks(), timeout=60)
        assert kernel.status_code == 201, kernel.text
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.web.cookies)
        address = f"{self.base}/api/kernels/{kernel.json()['id']}/channels".replace("http", "ws", 1)
        channel = create_connection(address, cookie=cookies, timeout=120, origin=self.hub)
        message = Session().msg("execute_request", {"code": cell, "silent": False, "stop_on_error": True})
        message["channel"] = "shell"
        channel.send(json.dumps(message, default=str))
        shown = ""
        while True:
            got = json.loads(channel.recv())
            content = got["content"]
            shown += content.get("text") or "\n".join(content.get("traceback", []))
            if got["msg_type"] == "execute_reply":
                self.channel = channel
                return shown


def test_two_users_work_at_once_and_each_sees_a_token_lab_of_their_own(hub, top):
    people, said, faults = {}, {}, []

    def work(name):
        try:
            people[name] = User(hub, name)
            said[name] = people[name].run(FIRST_CELL)
        except BaseException as error:
            faults.append(f"{name}: {error!r}\n{(top / 'log').read_text()[-3000:]}")

    threads = [threading.Thread(target=work, args=(name,)) for name in PEOPLE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults[0]
    ports = {}
    for name in PEOPLE:
        home = top / "homes" / name
        assert f"your own files go to {home / 'jwt-workshop'}" in said[name], said[name]
        owner = (home / "jwt-workshop/work/manage.py").stat().st_uid
        assert owner == (PEOPLE[name] if EACH_AS_A_USER else os.geteuid())
        found = re.search(r"port (\d+) 200", said[name])
        assert found, said[name]
        ports[name] = found[1]
    assert len(set(ports.values())) == 2
    try:
        the_token_lab_is_anns_own(people["ann"], people["ben"], ports["ann"])
    finally:
        for user in people.values():
            user.close()


def the_token_lab_is_anns_own(ann, ben, port):
    """Through the hub, ann uses the server of her notebook, and nobody else does."""
    lab = f"{ann.base}/proxy/{port}/"
    page = ann.web.get(lab, timeout=30)
    assert (page.status_code, "Token Lab" in page.text) == (200, True)
    script = re.search(r'<script type="module" src="([^"]+)"', page.text)[1]
    assert ann.web.get(f"{lab}{script}", timeout=30).headers["Content-Type"].startswith("text/javascript")
    pair = ann.web.post(f"{lab}api/token/", json={"username": "ada", "password": "test"}, timeout=30)
    assert (pair.status_code, set(pair.json())) == (200, {"access", "refresh"})
    refused = ann.web.get(f"{lab}user-orders/", timeout=30)
    assert (refused.status_code, refused.json()["detail"]) == (
        401,
        "Authentication credentials were not provided.",
    )
    # What is ann's is closed to ben, and to somebody who is not logged in.
    assert ben.web.get(lab, timeout=30, allow_redirects=False).status_code in (302, 403)
    assert requests.get(lab, timeout=30, allow_redirects=False).status_code in (302, 403)
