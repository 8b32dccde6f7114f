"""The shop: users, products and orders."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    """A person who can log in. Our own model, so that fields can be added later."""


class Product(models.Model):
    """Something the shop sells."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    stock = models.PositiveIntegerField()

    class Meta:
        ordering = ("id",)

    def __str__(self):
        return self.name

    @property
    def in_stock(self):
        """True while at least one is left."""
        return self.stock > 0


class Order(models.Model):
    """What one user ordered at one time."""

    class Status(models.TextChoices):
        PENDING = "Pending"
        CONFIRMED = "Confirmed"
        CANCELLED = "Cancelled"

    order_id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="orders")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)

    class Meta:
        ordering = ("created_at", "order_id")

    def __str__(self):
        return f"Order {self.order_id}"

    @property
    def total_price(self):
        """The sum of the items."""
        return sum(item.item_subtotal for item in self.items.all())


class OrderItem(models.Model):
    """One product in an order, and how many of it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ("id",)

    def __str__(self):
        return f"{self.quantity} x {self.product}"

    @property
    def item_subtotal(self):
        """Price times quantity."""
        return self.product.price * self.quantity
