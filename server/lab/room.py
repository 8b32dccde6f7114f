"""The room of a class: the address that everybody opens, and who is in it. A class runs without DEBUG."""

import os
from io import BytesIO

from django.conf import settings
from django.contrib.auth import get_user_model

ADDRESS = "TOKEN_LAB_ADDRESS"  # set by `make class`: the teacher may open another one
DEMO_ACCOUNTS = ("ada", "grace", "admin")
MOST = 200  # tiles on one wall


def room(request):
    """The address and the accounts, or None where no class is served."""
    if settings.DEBUG:
        return None
    return {"address": address(request), "students": students()}


def address(request):
    return os.environ.get(ADDRESS) or request.build_absolute_uri("/")


def students():
    """The accounts of the class by id, without the demo accounts."""
    people = get_user_model().objects.filter(is_active=True).exclude(username__in=DEMO_ACCOUNTS)
    return [
        {"id": str(pk), "name": name}
        for pk, name in people.order_by("username").values_list("pk", "username")[:MOST]
    ]


def qr_code(address):
    """The address as an SVG picture that a phone reads."""
    import segno  # only a class needs it, so only a class's machine has it

    picture = BytesIO()
    segno.make(address, micro=False).save(picture, kind="svg", omitsize=True, border=2, light="white")
    return picture.getvalue()
