"""The shop's app, on a machine that has no key to sign with."""

from warehouse.apps import WarehouseConfig


class VerifyingApiConfig(WarehouseConfig):
    """`api`, with the models and views of the shop, and with the public keys that the warehouse fetches, too."""

    name = label = "api"
