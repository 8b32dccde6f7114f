"""Step 07: a system check of Django's. `manage.py check` runs it, also with DEBUG off, and `runserver` before it listens.

Nothing runs it yet. Django knows only the checks that are registered (`django.core.checks.register`), and nobody imports
this file: let `ApiConfig.ready()` in api/apps.py do so. An `Error` of `django.core.checks` stops the server, a `Warning`
does not. Ask for the settings in force: `INSTALLED_APPS` in `django.conf.settings`, not in `drf_course.settings`, on which
another settings module may be built; and simplejwt's own, with its defaults, in
`rest_framework_simplejwt.settings.api_settings`. Django's `settings.SIMPLE_JWT` holds only those that somebody named.
"""

BLACKLIST = "rest_framework_simplejwt.token_blacklist"


def check_revocation(app_configs, **kwargs):
    """A list with an Error for each setting that leaves a spent refresh token valid.

    - `drf_course.E001`: the blacklist app is not in `INSTALLED_APPS` under its plain name, whether or not tokens are rotated.
    - `drf_course.E002`: refresh tokens are rotated and `BLACKLIST_AFTER_ROTATION` is off, whether or not the app is there.
    - Each mistake is reported where it is made and nowhere else, and both when both are made.
    - A setting that is missing has simplejwt's default, `False`. Where neither mistake is made, the server starts, also with
      LEEWAY.
    - Any other value counts as simplejwt takes it, which asks `if value`: the text "False" is on, and the empty one is off.
    """
    raise NotImplementedError("step 07: give a list of errors, and register the check")
