"""VULNERABLE on purpose: a guest book that shows what people write as it is written, scripts and all."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer

ENTRIES: list[str] = []

PAGE = """<!doctype html><title>Guest book</title><ul>{entries}</ul>
<script>
async function keepToken(username, password) {{
  const body = JSON.stringify({{username, password}});
  const response = await fetch("/api/token/", {{method: "POST", headers: {{"Content-Type": "application/json"}}, body}});
  localStorage.setItem("access", (await response.json()).access);
}}
</script>"""


@csrf_exempt
def guest_book(request):
    if request.method == "POST":
        ENTRIES.append(request.POST["entry"])
        return redirect("guest-book")
    return HttpResponse(PAGE.format(entries="".join(f"<li>{entry}</li>" for entry in ENTRIES)))


@csrf_exempt
def log_in(request):
    """Puts the access token into a cookie that no script can read; for the hole `cookie`."""
    login = TokenObtainPairSerializer(data=request.POST.dict())
    login.is_valid(raise_exception=True)
    response = redirect("guest-book")
    if settings.VULNERABLE == "cookie":
        response.set_cookie("access", login.validated_data["access"], httponly=True, samesite="Lax")
    return response
