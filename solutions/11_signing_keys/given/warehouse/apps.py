"""The app of the warehouse."""

from django.apps import AppConfig


class WarehouseConfig(AppConfig):
    name = "warehouse"

    def ready(self):
        from django.conf import settings
        from rest_framework_simplejwt import state

        from warehouse.shop_keys import ShopKeys

        # Where simplejwt's backend would fetch keys in its own way, it fetches them in ours.
        state.token_backend.jwks_client = ShopKeys(settings.SIMPLE_JWT["JWK_URL"], **settings.SHOP_KEYS)
