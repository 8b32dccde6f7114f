"""Who may do what: nobody, an ordinary user and an admin on every address of the shop."""

import pytest

from api.models import Order, Product

NOT_PROVIDED = {"detail": "Authentication credentials were not provided."}
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NEW = {"name": "Lamp", "price": "9.90", "stock": 1}


@pytest.fixture
def lamp(db):
    return Product.objects.create(**NEW)


@pytest.mark.parametrize(
    ("method", "path", "nobody", "ada", "admin"),
    [
        ("get", "/products/", 200, 200, 200),
        ("post", "/products/", 401, 403, 201),
        ("get", "/products/info/", 200, 200, 200),
        ("get", "/products/{id}/", 200, 200, 200),
        ("delete", "/products/{id}/", 405, 405, 405),
        ("put", "/products/{id}/", 405, 405, 405),
        ("get", "/orders/", 401, 403, 200),
        ("post", "/orders/", 401, 403, 405),
        ("get", "/user-orders/", 401, 200, 200),
        ("post", "/user-orders/", 401, 405, 405),
    ],
)
def test_each_address_lets_in_whom_it_should(client, bearer, lamp, method, path, nobody, ada, admin):
    reasons = {401: NOT_PROVIDED, 403: FORBIDDEN, 405: {"detail": f'Method "{method.upper()}" not allowed.'}}
    for name, status in {"nobody": nobody, "ada": ada, "admin": admin}.items():
        call = getattr(client, method)
        response = call(path.format(id=lamp.pk), NEW if method == "post" else None, headers=bearer(name))
        assert response.status_code == status, name
        assert response.json() == reasons.get(status, response.json()), name
        assert response.get("WWW-Authenticate") == ('Bearer realm="api"' if status == 401 else None), name


def test_user_orders_are_only_ones_own(client, bearer, people):
    orders = {name: str(Order.objects.create(user=user).pk) for name, user in people.items()}
    for name, order_id in orders.items():
        response = client.get("/user-orders/", headers=bearer(name)).json()
        assert [order["order_id"] for order in response] == [order_id]


def test_an_admin_reads_everybodys_orders(client, bearer, people):
    orders = [str(Order.objects.create(user=user).pk) for user in people.values()]
    response = client.get("/orders/", headers=bearer("admin")).json()
    assert [order["order_id"] for order in response] == orders
