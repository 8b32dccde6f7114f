"""What one request costs, layer by layer, with the settings of DJANGO_SETTINGS_MODULE: `python -m bench.parts`."""

import io
import json
import sys
import time

ROUNDS, REQUESTS = 15, 40


def main():
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.handlers.wsgi import WSGIHandler
    from rest_framework_simplejwt.tokens import AccessToken

    settings.ROOT_URLCONF = "bench.part_urls"
    settings.ALLOWED_HOSTS = ["*"]
    access = str(AccessToken.for_user(get_user_model().objects.get(username="bench0")))
    application = WSGIHandler()
    paths = ("bare", "drf", "verified", "looked-up", "orders")
    times = {path: [] for path in paths}
    for _ in range(ROUNDS):
        for path in paths:  # in turns, so that all meet the same machine
            times[path].append(microseconds(application, f"/{path}/", access))
    shortest = {path: min(found) for path, found in times.items()}
    json.dump(shortest | {"ready SQL": ready_sql()}, sys.stdout)


def ready_sql():
    """The processor's time to look one user up by SQL that is built already, on an open connection."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    sql, parameters = get_user_model().objects.filter(username="bench0").query.sql_with_params()
    with connection.cursor() as cursor:
        start = time.process_time()
        for _ in range(REQUESTS):
            cursor.execute(sql, parameters).fetchone()
    return (time.process_time() - start) / REQUESTS * 1_000_000


def microseconds(application, path, access):
    """The processor's time for one request, of many."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "HTTP_AUTHORIZATION": f"Bearer {access}",
    }
    start = time.process_time()
    for _ in range(REQUESTS):
        answer = application(dict(environ), lambda status, headers, exc_info=None: None)
        answer.close()
    return (time.process_time() - start) / REQUESTS * 1_000_000


if __name__ == "__main__":
    main()
