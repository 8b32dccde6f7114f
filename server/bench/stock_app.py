"""The shop's app without what it does at start."""

from django.apps import AppConfig


class StockApi(AppConfig):
    name = "api"
