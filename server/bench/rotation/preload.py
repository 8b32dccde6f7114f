"""Settings for gunicorn: the master loads all of the shop, so that a worker that replaces a killed one is there at once."""

from importlib import import_module

preload_app = True


def when_ready(_master):
    # Django imports the views at the first request. Every new worker would do that again.
    from django.conf import settings

    import_module(settings.ROOT_URLCONF)
