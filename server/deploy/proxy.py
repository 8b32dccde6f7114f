"""nginx, as a part of the whole shop on this machine."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

from deploy.rehearsal import ShipError
from testkit import postgresql
from testkit.servers import end, start, watched

TEMPLATE = Path(__file__).with_name("nginx.conf.template")
PATIENCE = 30  # seconds to start
# nginx around the server of nginx.conf.template: as whoever starts it, with every file in one folder.
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log warn;
{user}
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/shop.conf;
}}
"""


def find_nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")


class Proxy:
    """nginx with the server of nginx.conf.template."""

    def __init__(self, shop, port=0):
        self.shop = shop
        self.http, self.https = shop.reserve(), port or shop.reserve()
        self.process = None

    def start(self):
        folder = self.shop.folder
        user = "user root;" if postgresql.USER else ""  # else its workers could not read the folder
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
        (folder / "shop.conf").write_text(filled_in(TEMPLATE.read_text(), self.values()))
        command = [
            find_nginx(),
            "-p",
            str(folder),
            "-c",
            str(folder / "nginx.conf"),
            "-e",
            f"{folder}/nginx-errors.log",
        ]
        self.process = start(watched("SIGQUIT", command), folder=folder, stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        while not listens(self.https):
            if self.process.poll() is not None or time.monotonic() > until:
                raise ShipError(f"nginx did not start.\n{(folder / 'nginx-errors.log').read_text()}")
            time.sleep(0.02)
        return self

    def values(self):
        servers = (f"server unix:{web.socket} max_fails=0;" for web in self.shop.webs)
        return {
            "SHOP_UPSTREAM": " ".join(servers),
            "SHOP_HTTP": f"127.0.0.1:{self.http}",
            "SHOP_HTTPS": f"127.0.0.1:{self.https}",
            "SHOP_CERTIFICATES": str(self.shop.folder),
            "SHOP_LOG": str(self.shop.folder / "proxy.log"),
        }

    def stop(self):
        if self.process:
            end(self.process)
        self.process = None

    def restart(self):
        self.stop()
        self.start()


def filled_in(template, values):
    """The template with its ${SHOP_...} replaced; $names in small letters stay, as they are nginx's."""
    return re.sub(r"\$\{(SHOP_[A-Z]+)\}", lambda found: values[found[1]], template)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
