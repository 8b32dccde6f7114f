"""Who may do what in the shop."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny, IsAdminUser, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from api.models import Order, Product
from api.serializers import OrderSerializer, ProductInfoSerializer, ProductSerializer


class ProductListCreateAPIView(generics.ListCreateAPIView):
    """Anyone may read the products; an admin may add one."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer

    def get_permissions(self):
        return [IsAdminUser()] if self.request.method == "POST" else [AllowAny()]


class ProductDetailAPIView(generics.RetrieveAPIView):
    """Anyone may read one product, with GET, HEAD and OPTIONS.

    PUT and PATCH change it, and DELETE removes it. For an admin, GET, PUT, PATCH and DELETE are a 404 where there is no
    product, or no longer, and create nothing. Only an admin may change and remove, and `is_staff` alone makes an admin:
    neither `is_superuser` nor Django's model permissions count. Without credentials each of the three gets 401, and a
    user who is no admin gets 403, whether or not the product exists and whatever the body is. A price of 0 or less is refused with 400, as it is when a product
    is added. A role counts as the database has it now: whoever is promoted has the power at once, and whoever is
    demoted, deactivated or deleted loses it at once.
    """

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    lookup_url_kwarg = "product_id"


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


class OrderDetailAPIView(generics.GenericAPIView):
    """GET reads one order with its items.

    DELETE cancels it, whatever its status was, also when it is cancelled already: the response is 204, and the order
    stays, with its items and with the status "Cancelled". A body sent with DELETE is ignored, whatever it is. Its owner
    and every admin may read it and cancel it. Owner, role and status count as the database has them at this request.
    Nothing else about an order can be changed here, neither by its owner nor by an admin: their PUT and PATCH are
    refused, with 403 or 405 as you like.
    """

    queryset = Order.objects.prefetch_related("items__product")
    serializer_class = OrderSerializer
    lookup_url_kwarg = "order_id"


class UserOrderListAPIView(generics.ListAPIView):
    """Whoever is logged in may read all their own orders, also cancelled ones; an admin, too, only gets their own here."""

    queryset = Order.objects.prefetch_related("items__product")
    serializer_class = OrderSerializer
    permission_classes = (IsAuthenticated,)

    def get_queryset(self):
        return super().get_queryset().filter(user=self.request.user.pk)
