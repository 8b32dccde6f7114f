"""The app of the shop.

Step 11 puts the keyring in the place of simplejwt's backend, `rest_framework_simplejwt.state.token_backend`, in `ready`.
"""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
