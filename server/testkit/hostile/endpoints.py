"""Which endpoints there are, and which of them read a token."""

import json

NEW_PRODUCT = {"name": "Lamp", "price": "9.90", "stock": 1}

# Method and path of what reads the header Authorization.
HEADER_ENDPOINTS = (
    ("GET", "/products/"),
    ("GET", "/products/1/"),
    ("GET", "/products/info/"),
    ("POST", "/products/"),
    ("GET", "/orders/"),
    ("GET", "/user-orders/"),
    ("OPTIONS", "/user-orders/"),
    ("GET", "/api/schema/"),
)
BLACKLIST = "/api/token/blacklist/"  # step 07 switches it on
# Path, field and type of what reads a token from the body.
BODY_ENDPOINTS = (
    ("/api/token/refresh/", "refresh", "refresh"),
    (BLACKLIST, "refresh", "refresh"),
    ("/api/token/verify/", "token", "refresh"),
    ("/api/token/verify/", "token", "access"),
)
HONEST_BODIES = {
    "/api/token/": {"username": "ada", "password": "test"},
    "/api/token/refresh/": {"refresh": "token"},
    BLACKLIST: {"refresh": "token"},
    "/api/token/verify/": {"token": "token"},
    "/products/": NEW_PRODUCT,
}
JSON = {"CONTENT_TYPE": "application/json"}


def dumps(value):
    """JSON as bytes; half a surrogate pair is escaped."""
    return json.dumps(value).encode()
