"""Addresses and methods that the server does not have, or that look like one it has."""

METHODS = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "get", "\xe9", "")
KNOWN = (
    "/",
    "/products/",
    "/products/1/",
    "/products/info/",
    "/orders/",
    "/user-orders/",
    "/api/token/",
    "/api/token/refresh/",
    "/api/token/verify/",
    "/api/schema/swagger-ui/",
    "/admin/login/",
    "/api-auth/login/",
)
PATHS = {
    "no slash at the end": "/api/token",
    "no slash at the end, products": "/products",
    "two slashes at the start": "//products/",
    "another host in the path": "//elsewhere.example/products",
    "dots": "/products/../admin/",
    "a NUL": "/products/\0/",
    "no UTF-8": "/products/\xff\xfe/",
    "a huge number": f"/products/{'9' * 40}/",
    "a number of 5,000 digits": f"/products/{'9' * 5000}/",
    "a negative number": "/products/-1/",
    "full-width digits": "/products/\uff11/".encode().decode("latin-1"),
    "10,000 letters": f"/{'a' * 10_000}/",
    "a line break": "/products/\r\nSet-Cookie: a=b/",
    "an empty path": "",
    "a star": "*",
    "a static file that is none": "/static/\0",
    "a static file above": "/static/../settings.py",
    "an admin page that is none": "/admin/api/user/\0/change/",
    "a schema of an unknown version": "/api/schema/?version=\0",
}
