"""Who may do what in the shop."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from api.models import Order, Product
from api.permissions import IsOwnerOrAdmin
from api.serializers import OrderSerializer, ProductInfoSerializer, ProductSerializer


class ProductListCreateAPIView(generics.ListCreateAPIView):
    """Anyone may read the products; an admin may add one."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer

    def get_permissions(self):
        return [IsAdminUser()] if self.request.method == "POST" else [AllowAny()]


class ProductDetailAPIView(generics.RetrieveUpdateDestroyAPIView):
    """Anyone may read one product; an admin may change it or delete it."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    lookup_url_kwarg = "product_id"

    def get_permissions(self):
        return [AllowAny()] if self.request.method in SAFE_METHODS else [IsAdminUser()]


class ProductInfoAPIView(APIView):
    """Anyone may read the products, their number and the highest price."""

    @extend_schema(responses=ProductInfoSerializer)
    def get(self, request):
        products = list(Product.objects.all())
        max_price = max((product.price for product in products), default=None)
        info = {"products": products, "count": len(products), "max_price": max_price}
        return Response(ProductInfoSerializer(info).data)


class OrderListAPIView(generics.ListAPIView):
    """An admin may read the orders of everybody."""

    queryset = Order.objects.prefetch_related("items__product")
    serializer_class = OrderSerializer
    permission_classes = (IsAdminUser,)


class OrderDetailAPIView(generics.RetrieveDestroyAPIView):
    """Its owner, or an admin, may read one order and cancel it."""

    queryset = Order.objects.prefetch_related("items__product")
    serializer_class = OrderSerializer
    permission_classes = (IsOwnerOrAdmin,)
    lookup_url_kwarg = "order_id"

    def perform_destroy(self, order):
        order.status = Order.Status.CANCELLED
        order.save(update_fields=["status"])


class UserOrderListAPIView(generics.ListAPIView):
    """Whoever is logged in may read their own orders."""

    queryset = Order.objects.prefetch_related("items__product")
    serializer_class = OrderSerializer
    permission_classes = (IsAuthenticated,)

    def get_queryset(self):
        return super().get_queryset().filter(user=self.request.user.pk)
