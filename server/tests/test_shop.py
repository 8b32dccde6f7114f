"""The responses of the shop."""

import pytest
from django.core.management import call_command

from api.models import Order, OrderItem, Product

DEAREST = "99999999.99"


@pytest.fixture
def products(db):
    rows = [("Lamp", "9.90", 1), ("Chair", "45.00", 0)]
    return [Product.objects.create(name=name, price=price, stock=stock) for name, price, stock in rows]


def order(user, products):
    """An order of two of each product."""
    created = Order.objects.create(user=user)
    for product in products:
        OrderItem.objects.create(order=created, product=product, quantity=2)


@pytest.mark.parametrize("price", ["0", "-1"])
def test_a_price_that_is_not_positive_is_refused(client, bearer, price):
    response = client.post(
        "/products/", {"name": "Lamp", "price": price, "stock": 1}, headers=bearer("admin")
    )
    assert (response.status_code, response.json()) == (400, {"price": ["Price must be greater than 0."]})
    assert not Product.objects.exists()


@pytest.mark.parametrize("product_id", ["999", "9" * 40])
def test_a_product_that_is_not_there_is_a_404(client, db, product_id):
    response = client.get(f"/products/{product_id}/")
    assert (response.status_code, response.json()) == (404, {"detail": "No Product matches the given query."})


def test_the_info_of_an_empty_shop_has_no_price(client, db):
    assert client.get("/products/info/").json() == {"products": [], "count": 0, "max_price": None}


def test_the_info_counts_and_names_the_highest_price(client, products):
    info = client.get("/products/info/").json()
    assert (info["count"], info["max_price"], len(info["products"])) == (2, "45.00", 2)


def test_products_come_in_the_order_they_were_added(client, products):
    assert [product["name"] for product in client.get("/products/").json()] == ["Lamp", "Chair"]


def test_a_product_knows_whether_it_is_in_stock(products):
    assert [product.in_stock for product in products] == [True, False]


def test_an_order_adds_up_its_items(client, bearer, people, products):
    order(people["ada"], products)
    (response,) = client.get("/user-orders/", headers=bearer("ada")).json()
    assert response["total_price"] == "109.80"
    assert response["items"][0] == {
        "product_name": "Lamp",
        "product_price": "9.90",
        "quantity": 2,
        "item_subtotal": "19.80",
    }


def test_the_largest_order_can_still_be_read(client, bearer, people):
    dearest = Product.objects.create(name="Moon", price=DEAREST, stock=1)
    OrderItem.objects.create(
        order=Order.objects.create(user=people["ada"]), product=dearest, quantity=2_147_483_647
    )
    (response,) = client.get("/user-orders/", headers=bearer("ada")).json()
    assert response["total_price"] == "214748364678525163.53"


@pytest.mark.parametrize(("path", "name"), [("/orders/", "admin"), ("/user-orders/", "ada")])
def test_more_orders_need_no_more_queries(
    client, bearer, people, products, django_assert_num_queries, path, name
):
    for count in (1, 5):
        for _ in range(count):
            order(people["ada"], products)
        with django_assert_num_queries(4):  # the caller, the orders, their items, the items' products
            client.get(path, headers=bearer(name))


def test_every_model_change_has_its_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(
    "page",
    ["/admin/", "/admin/api/user/", "/admin/api/product/", "/admin/api/order/", "/admin/api/order/add/"],
)
def test_the_admin_shows_the_shop(client, people, products, page):
    order(people["ada"], products)
    client.force_login(people["admin"])
    assert client.get(page).status_code == 200


def test_the_browsable_api_has_its_login(client, db):
    page = client.get("/products/", headers={"Accept": "text/html"})
    assert "/api-auth/login/" in page.text
    assert client.get("/api-auth/login/").status_code == 200


def test_the_documentation_names_no_other_host(client):
    page = client.get("/api/schema/swagger-ui/")
    assert page.status_code == 200
    assert "://" not in page.text


def test_the_schema_is_valid_and_complete(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
