"""VULNERABLE on purpose: a guest book that shows what people write as it is written, scripts and all."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer

ENTRIES: list[str] = []

PAGE = "<!doctype html><title>Guest book</title><ul>{entries}</ul>"
# `/log-in/#/guest-book/`: for this rehearsal, whoever opens it is the admin, and then goes to the page behind the `#`.
LOG_IN_PAGE = """<!doctype html><title>Log in</title>
<script>
async function logIn(username, password) {
  const response = await fetch("/log-in/", {method: "POST", body: new URLSearchParams({username, password})});
  const {access} = await response.json();
  if (access) localStorage.setItem("access", access);
  location = location.hash.slice(1);
}
logIn("admin", "test");
</script>"""


@csrf_exempt
def guest_book(request):
    if request.method == "POST":
        ENTRIES.append(request.POST["entry"])
        return redirect("guest-book")
    return HttpResponse(PAGE.format(entries="".join(f"<li>{entry}</li>" for entry in ENTRIES)))


@csrf_exempt
def log_in(request):
    """Gives the access token to the page, for the hole `local_storage`; or puts it into a cookie that no script can read."""
    if request.method == "GET":
        return HttpResponse(LOG_IN_PAGE)
    login = TokenObtainPairSerializer(data=request.POST.dict())
    login.is_valid(raise_exception=True)
    access = login.validated_data["access"]
    if settings.VULNERABLE == "local_storage":
        return JsonResponse({"access": access})
    response = JsonResponse({})
    response.set_cookie("access", access, httponly=True, samesite="Lax")
    return response
