"""Fill the shop for development."""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from api.models import Order, OrderItem, Product, User

PASSWORD = "test"  # noqa: S105 - the demo accounts of the course, refused outside development

PRODUCTS = [
    ("A Scanner Darkly", "A novel by Philip K. Dick.", "12.99", 4),
    ("Coffee Machine", "Makes coffee.", "70.99", 6),
    ("Velvet Underground & Nico", "The record with the banana.", "15.99", 11),
    ("Enter the Wu-Tang (36 Chambers)", "A record from Staten Island.", "17.99", 2),
    ("Digital Camera", "Takes pictures.", "350.99", 4),
    ("Watch", "Tells the time.", "500.05", 0),
]

# Whose orders, in which state, of which products (counted from 0) and how many of each.
ORDERS = [
    ("admin", Order.Status.CONFIRMED, {0: 1, 1: 2}),
    ("ada", Order.Status.PENDING, {2: 1}),
    ("ada", Order.Status.CONFIRMED, {4: 1, 0: 3}),
    ("grace", Order.Status.CANCELLED, {5: 1}),
    ("grace", Order.Status.PENDING, {3: 2, 1: 1}),
    ("admin", Order.Status.PENDING, {2: 2}),
]
FIRST_ORDER = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Command(BaseCommand):
    help = "Create the demo users (password: test), products and orders that are missing; change no other."
    requires_migrations_checks = True  # says what to do when the tables are not there yet

    @transaction.atomic
    def handle(self, *args, **options):
        if not settings.DEBUG:
            raise CommandError(
                "populate_db creates accounts with a known password, so it runs in development only. "
                "Here DJANGO_DEBUG is off: make an account with createsuperuser instead."
            )
        users = {name: user(name) for name in ("admin", "ada", "grace")}
        products = [product(*row) for row in PRODUCTS]
        for number, (name, status, quantities) in enumerate(ORDERS):
            order(number, users[name], status, {products[index]: n for index, n in quantities.items()})
        self.stdout.write(f"{len(users)} users, {len(products)} products and {len(ORDERS)} orders are there.")


def user(name):
    """The user with this name, created when missing. Only `admin` is a superuser."""
    create = User.objects.create_superuser if name == "admin" else User.objects.create_user
    return User.objects.filter(username=name).first() or create(name, password=PASSWORD)


def product(name, description, price, stock):
    """The product with this name, created when missing."""
    values = {"description": description, "price": price, "stock": stock}
    return Product.objects.filter(name=name).first() or Product.objects.create(name=name, **values)


def order(number, owner, status, quantities):
    """Create the order with this number, unless it is there. Its id follows from the number."""
    values = {"user": owner, "status": status, "created_at": FIRST_ORDER + timedelta(days=number)}
    order_id = uuid.uuid5(uuid.NAMESPACE_URL, f"drf_course/order/{number}")
    created, is_new = Order.objects.get_or_create(order_id=order_id, defaults=values)
    if is_new:
        OrderItem.objects.bulk_create(
            OrderItem(order=created, product=product, quantity=n) for product, n in quantities.items()
        )
