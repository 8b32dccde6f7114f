"""The shop's server inside a browser tab: the same application, asked directly."""

import os

import django
from wsgi_call import call

os.environ["DJANGO_SETTINGS_MODULE"] = "tab_settings"
# Django looks for a running event loop, and a tab always has one. No request here runs beside another.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def start():
    """The application, ready for requests. A setting that cannot be used raises ImproperlyConfigured."""
    from django.core.wsgi import get_wsgi_application

    django.setup(set_prefix=False)
    return get_wsgi_application()


def answer(application, method, url, headers, body):
    """One response as the page's script takes it: status, reason, pairs of header and value, bytes."""
    response = call(application, method, url, [(name, value) for name, value in headers], bytes(body))
    return [response.status, response.reason, response.headers, response.body]
