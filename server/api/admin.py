"""The shop in Django's admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from api.models import Order, OrderItem, Product, User

admin.site.register(User, UserAdmin)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "price", "stock")
    search_fields = ("name",)


class OrderItemInline(admin.TabularInline):
    model = OrderItem
    extra = 1


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ("order_id", "user", "status", "created_at")
    list_filter = ("status",)
    list_select_related = ("user",)
    inlines = (OrderItemInline,)
