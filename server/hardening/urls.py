"""The addresses of the shop, of the Token Lab, and of the pages' styles and scripts."""

from django.conf import settings
from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path

from hardening.step_results import StepResultView
from lab.urls import switched

urlpatterns = [
    path("", include("lab.urls")),
    path("", include("drf_course.urls")),
    re_path(r"^class/steps/(?P<step>[0-9]{2})/$", switched(StepResultView.as_view()), name="step-result"),
]

if settings.DEBUG or settings.TOKEN_LAB:
    # Behind the middleware, so that a bad path under /static/ is a 400 in JSON. runserver's own way answers 500.
    urlpatterns.append(path(f"{settings.STATIC_URL.strip('/')}/<path:path>", serve, {"insecure": True}))
