"""The demo data."""

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command

from api.models import Order, OrderItem, Product, User


@pytest.fixture(autouse=True)
def development(settings, db):
    settings.DEBUG = True  # pytest-django turns it off


def everything():
    """All rows of the shop as text."""
    return [serializers.serialize("json", model.objects.all()) for model in (User, Product, Order, OrderItem)]


def test_demo_accounts_are_refused_in_production(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="runs in development only"):
        call_command("populate_db")
    assert not User.objects.exists()


def test_a_second_run_changes_nothing():
    call_command("populate_db")
    before = everything()
    call_command("populate_db")
    assert everything() == before


def test_what_a_person_changed_stays():
    call_command("populate_db")
    ada = User.objects.get(username="ada")
    ada.set_unusable_password()
    ada.save()
    Product.objects.filter(name="Watch").update(price="1.00", stock=9)
    Order.objects.update(status=Order.Status.CANCELLED)
    before = everything()
    call_command("populate_db")
    assert everything() == before


def test_what_is_missing_comes_back():
    call_command("populate_db")
    orders = list(Order.objects.values_list("order_id", "created_at", "status"))
    User.objects.get(username="grace").delete()
    Product.objects.filter(name="Watch").delete()
    call_command("populate_db")
    assert User.objects.filter(username="grace").exists()
    assert Product.objects.filter(name="Watch").count() == 1
    assert list(Order.objects.values_list("order_id", "created_at", "status")) == orders


def test_each_person_can_log_in_and_has_orders():
    call_command("populate_db")
    assert Product.objects.count() == 6
    for user in User.objects.all():
        assert user.check_password("test")
        assert user.is_superuser == (user.username == "admin")
        assert user.orders.count() == 2
