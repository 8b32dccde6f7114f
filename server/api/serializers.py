"""What the shop's responses contain."""

from rest_framework import serializers

from api.models import Order, OrderItem, Product


class PriceField(serializers.DecimalField):
    """An amount of money that is only read: "39.90"."""

    def __init__(self, **kwargs):
        # A sum may have more digits than any one price.
        super().__init__(max_digits=None, decimal_places=2, read_only=True, **kwargs)


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = ("id", "name", "description", "price", "stock")

    def validate_price(self, value):
        if value <= 0:
            raise serializers.ValidationError("Price must be greater than 0.")
        return value


class OrderItemSerializer(serializers.ModelSerializer):
    product_name = serializers.CharField(source="product.name", read_only=True)
    product_price = PriceField(source="product.price")
    item_subtotal = PriceField()

    class Meta:
        model = OrderItem
        fields = ("product_name", "product_price", "quantity", "item_subtotal")


class OrderSerializer(serializers.ModelSerializer):
    items = OrderItemSerializer(many=True, read_only=True)
    total_price = PriceField()

    class Meta:
        model = Order
        fields = ("order_id", "created_at", "user", "status", "items", "total_price")


class ProductInfoSerializer(serializers.Serializer):
    """All products, how many there are and what the most expensive one costs (null when there are none)."""

    products = ProductSerializer(many=True)
    count = serializers.IntegerField()
    max_price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
