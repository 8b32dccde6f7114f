"""The same server on PostgreSQL, through DATABASE_URL."""

import pytest
import requests

from testkit import postgresql as programs

LOGIN = {"username": "admin", "password": "test"}


@pytest.fixture(params=["of the machine, if it has one", "of the package"])
def postgresql(need, request, monkeypatch):
    """The address of a new PostgreSQL cluster, gone after the test."""
    if request.param == "of the package":
        monkeypatch.setattr(programs, "find", programs.packaged)
    need(programs.is_here(), programs.MISSING)
    with programs.cluster() as address:
        yield address


def test_the_shop_runs_on_postgresql(postgresql, manage, serve):
    for command in ("migrate", "populate_db", "populate_db"):
        run = manage(command, DATABASE_URL=postgresql)
        assert (run.returncode, run.stderr) == (0, "")
    with serve(DATABASE_URL=postgresql) as server:
        access = requests.post(f"{server.url}/api/token/", json=LOGIN, timeout=5).json()["access"]
        header = {"Authorization": f"Bearer {access}"}
        orders = requests.get(f"{server.url}/user-orders/", headers=header, timeout=5)
        lamp = {"name": "Lamp", "price": "9.90", "stock": 1}
        added = requests.post(f"{server.url}/products/", json=lamp, headers=header, timeout=5)
    assert (orders.status_code, len(orders.json())) == (200, 2)
    assert (added.status_code, added.json()["id"]) == (201, 7)
