"""What step 09 asks: who may change a product, whose order it is, and that a role is what the database says now."""

import re
import uuid
from functools import cache

import pytest
import requests

from workshop.expect import answer, body_of, expect, expect_each, told, tried

NO_CREDENTIALS = (401, "Authentication credentials were not provided.")
FORBIDDEN = (403, "You do not have permission to perform this action.")
NO_PRODUCT = (404, "no such product")  # in whatever words
CHANGES = ("PUT", "PATCH", "DELETE")
METHODS = ("GET", "HEAD", "OPTIONS", *CHANGES)
LAMP = {"name": "Lamp", "description": "Gives light.", "price": "9.90", "stock": 1}
GRACE = 3  # her id
NOWHERE = "/products/999999/"  # may I change it? The permission is asked before the product is looked for
FREE = {"price": "0.00"}  # no serializer takes it
NOTHING_THERE = "There is nothing at this address."
NO_ADDRESS = "No address leads to an order yet: api/urls.py names none."

# People of these checks alone, and orders that no other check uses. Printed: the ids of the orders.
PREPARE = """
ada = User.objects.get(username="ada")
ada.email = "ada@shop.example"
ada.save()
for name in ("noor", "omar", "vera", "kaya", "mika", "rahel", "zoe", "ADA"):
    admin = name in ("noor", "omar", "vera", "kaya")
    User.objects.create(username=name, password=ada.password, email=ada.email, is_staff=admin, is_superuser=name == "zoe",
        pk=1001 if name == "rahel" else None)
chair = Product.objects.create(name="Chair", price=20, stock=5)
pending = [(name, "Pending") for name in ("ada", "grace", "grace", "rahel", "ada")]
for name, status in [*pending, ("ada", "Confirmed"), ("grace", "Cancelled")]:
    order = Order.objects.create(user=User.objects.get(username=name), status=status)
    order.items.create(product=chair, quantity=2)
    print(order.pk)
"""


@pytest.fixture(scope="module")
def running(lasting):
    """These checks are not about expiry."""
    return lasting


@pytest.fixture(scope="module")
def orders(running):
    """The addresses of new orders, by their owner: most are pending, ada's third is confirmed, and grace's third is cancelled."""
    one, hers, other, rahels, two, three, last = running.shell(PREPARE).split()[-7:]
    ids = {"ada": (one, two, three), "grace": (hers, other, last), "rahel": (rahels,)}
    return {name: [f"/orders/{order_id}/" for order_id in each] for name, each in ids.items()}


@pytest.fixture(scope="module")
def call(running):
    """Send a request: `call("GET", "/orders/")`, with an access token where one is given."""

    def sent(method, path, token=None, **options):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, f"{running.url}{path}", headers=headers, timeout=5, **options)

    return sent


@pytest.fixture(scope="module")
def log_in(call):
    """The access token of one login for each name: `log_in("ada")`."""

    @cache
    def access(name):
        body = {"username": name, "password": "test"}
        return body_of(call("POST", "/api/token/", json=body)).get("access")

    return access


def test_nobody_changes_a_product_without_credentials(call):
    responses = {method: call(method, "/products/2/", json=LAMP) for method in CHANGES}
    statuses = {response.status_code for response in responses.values()}
    if statuses & {403, 404} and told((403, NO_CREDENTIALS[1])) not in by_method(responses).values():
        means = (
            "Your code refuses here by itself, for example with an exception that a permission raises. That ends the question: in "
            "`A | B`, B is never asked. Return False instead, and Django REST framework sends 401 or 403, whichever is right."
        )
    elif 403 in statuses:
        means = (
            "403 says: I know you, and you may not. Nobody was named here, so it is 401. The first authentication class "
            "decides: with SessionAuthentication first there is no challenge to send, and 403 is left."
        )
    else:
        means = "Someone without a token can change the products, or the method is not there yet."
    sent = f"{', '.join(CHANGES)} /products/2/ without credentials"
    wanted = dict.fromkeys(CHANGES, told(NO_CREDENTIALS))
    expect_each(by_method(responses), wanted, sent=sent, means=means, see=at(1))
    asked_first(call, None, wanted, "without credentials")


def test_a_user_does_not_change_a_product(call, log_in, orders):
    wanted = dict.fromkeys(CHANGES, told(FORBIDDEN))
    token = log_in("ada")
    responses = {method: call(method, "/products/3/", token, json=LAMP) for method in CHANGES}
    means = (
        "A token says who somebody is. Whether they may change a product is another question, and each method that "
        "changes something has to ask it: PUT, PATCH and DELETE."
    )
    sent = f"{', '.join(CHANGES)} /products/3/ as ada, who is no admin"
    expect_each(by_method(responses), wanted, sent=sent, means=means, see=at(1))
    asked_first(call, token, wanted, "as ada, who is no admin")
    token = log_in("zoe")
    responses = {method: call(method, "/products/3/", token, json=LAMP) for method in CHANGES}
    sent = f"{', '.join(CHANGES)} /products/3/ as zoe, a superuser with all of Django's model permissions, and without is_staff"
    expect_each(by_method(responses), wanted, sent=sent, means=IS_STAFF, see=at(1))


def test_an_admin_changes_a_product(call, log_in):
    token = log_in("admin")
    put = call("PUT", "/products/1/", token, json=LAMP)
    patch = call("PATCH", "/products/1/", token, json={"stock": 7})
    got = {"PUT": told(answer(put)), "PATCH": told(answer(patch)), "then stored": body_of(patch).get("stock")}
    means = "An admin changes a product where everybody reads it. Another address that nobody knows is no permission."
    if got["PUT"].startswith(("403", "404")):
        means = f"An admin is refused here, and is_staff says who is one. {ENDED} Return False instead."
    expect_each(
        got,
        {"PUT": "200", "PATCH": "200", "then stored": 7},
        sent="PUT /products/1/ and PATCH /products/1/ as admin",
        means=means,
        see=at(1),
    )


def test_a_price_of_nothing_is_refused(call, log_in):
    token = log_in("admin")
    before = body_of(call("GET", "/products/4/"))
    free = {"PUT": LAMP | {"price": "0.00"}, "PATCH": {"price": "-1.00"}}
    got = {
        method: str(call(method, "/products/4/", token, json=body).status_code)
        for method, body in free.items()
    }
    got["then"] = "as it was" if body_of(call("GET", "/products/4/")) == before else "changed"
    means = (
        "An admin may change a price, and may mistype it. ProductSerializer refuses a price of 0 or less where a product is "
        "added, so let it write the changes as well."
    )
    if "405" in got.values():
        means = NO_CHANGES
    sent = "PUT and PATCH /products/4/ as admin, with the price 0.00 and with -1.00"
    expect_each(got, {"PUT": "400", "PATCH": "400", "then": "as it was"}, sent=sent, means=means, see=at(1))


def test_an_admin_deletes_a_product(call, log_in):
    token = log_in("admin")
    path = f"/products/{body_of(call('POST', '/products/', token, json=LAMP)).get('id')}/"
    methods = ("DELETE", "GET", "PUT", "PATCH", "DELETE")
    got = [of_product(call(method, path, token, json=LAMP)) for method in methods]
    means = (
        "A deletion is answered with 204 and no body. From then on the address is a 404, also for an admin: PUT changes a product "
        "that is there, and creates none."
    )
    sent = f"DELETE of a new product as admin, then {', '.join(methods[1:])} of the same address"
    expect(got, ["204", *[told(NO_PRODUCT)] * 4], sent=sent, means=means, see=at(1))


def test_anyone_may_still_read_a_product(call):
    safe = METHODS[:3]
    expect_each(
        by_method({method: call(method, "/products/4/") for method in safe}),
        dict.fromkeys(safe, "200"),
        sent=f"{', '.join(safe)} /products/4/ without credentials",
        means="Reading is public here: give the methods that change nothing (SAFE_METHODS) a permission of their own.",
        see=at(1),
    )


def test_a_role_counts_as_the_database_has_it_now(call, log_in, running, orders):
    for name, is_staff, role in (("mika", 1, "became an admin"), ("noor", 0, "was no admin any more")):
        token = log_in(name)
        before = powers(call, token)
        change(running, name, f"is_staff = {is_staff}")
        got = {"before": before, "after": powers(call, token)}
        first, then = (FORBIDDEN, NO_PRODUCT) if is_staff else (NO_PRODUCT, FORBIDDEN)
        sent = f"PATCH and DELETE {NOWHERE} with one access token, before and after its user {role}"
        means = NO_CHANGES if "405" in before else STALE
        expect_each(got, {"before": told(first), "after": told(then)}, sent=sent, means=means, see=at(4))
    for name, new in (("mika", "nobody"), ("noor", "mika"), ("nobody", "noor")):
        change(running, name, f"username = '{new}'")
    got = {name: powers(call, log_in(name)) for name in ("mika", "noor")}
    sent = f"PATCH and DELETE {NOWHERE} with the same access tokens, after mika, an admin, and noor, who is none, swapped their names"
    expect_each(
        got, {"mika": told(NO_PRODUCT), "noor": told(FORBIDDEN)}, sent=sent, means=SOMEBODY_ELSE, see=at(4)
    )


def test_a_deactivated_or_deleted_admin_is_refused_at_once(call, log_in, running, orders):
    token = log_in("omar")
    got = {"before": powers(call, token)}
    change(running, "omar", "is_active = 0")
    got["deactivated"] = powers(call, token)
    running.sql("DELETE FROM api_user WHERE username = 'omar'")
    got["deleted"] = powers(call, token)
    wanted = {
        "before": told(NO_PRODUCT),
        "deactivated": told((401, "User is inactive")),
        "deleted": told((401, "User not found")),
    }
    sent = f"PATCH and DELETE {NOWHERE} with the access token of an admin who was then deactivated, and then deleted"
    means = (
        "The token outlived the account. Only a look into the database notices that: JWTAuthentication takes it, "
        "JWTStatelessUserAuthentication does not."
    )
    expect_each(got, wanted, sent=sent, means=means, see=at(4))


def test_nobody_sees_an_order_without_credentials(call, orders):
    real, unknown = (
        by_method({method: call(method, path) for method in METHODS})
        for path in (orders["ada"][0], no_order())
    )
    means = ASK_WHO
    if NOTHING_THERE in real["GET"]:
        means = NO_ADDRESS
    elif real != unknown:
        means = (
            "The response to one that exists is another than to one that does not: everybody learns which ids are real. Ask who it is "
            "before you look."
        )
    got = real | {f"{method} of no order": said for method, said in unknown.items()}
    wanted = {name: "401" if "HEAD" in name else told(NO_CREDENTIALS) for name in got}
    sent = f"{', '.join(METHODS)} of ada's order, and of an order that does not exist, without credentials"
    expect_each(got, wanted, sent=sent, means=means, see=at(3))


def test_an_owner_reads_an_order(call, log_in, running, orders):
    response = call("GET", orders["ada"][0], log_in("ada"))
    order = body_of(response)
    got = f"{told(answer(response))}, {order.get('status')}, {len(order.get('items', []))} item"
    means = NO_ADDRESS if NOTHING_THERE in got else NOT_HERS
    expect(got, "200, Pending, 1 item", sent="GET of ada's order as ada", means=means, see=at(3))
    token = log_in("rahel")
    got = told(answer(call("GET", orders["rahel"][0], token)))
    means = (
        "The order is hers. Her id is above 256, and two such numbers are equal, but not one object: compare them with ==, never "
        "with `is`."
    )
    expect(got, "200", sent="GET of rahel's order as rahel, whose id is 1001", means=means, see=at(3))
    change(running, "rahel", "username = 'rachel'")
    got = told(answer(call("GET", orders["rahel"][0], token)))
    means = (
        "The order is still theirs. The name in the token is what it was at the login, and somebody else may have it by now: "
        "compare the order's user with request.user, which is loaded for each request."
    )
    sent = "GET of rahel's order with her access token, after her name was changed to rachel"
    expect(got, "200", sent=sent, means=means, see=at(3))
    row = "UPDATE api_order SET status = 'Confirmed', user_id = ? WHERE order_id = ?"
    got = []
    for owner in (1001, GRACE):
        running.sql(row, owner, key(orders["rahel"][0]))
        response = call("GET", orders["rahel"][0], token)
        got.append(body_of(response).get("status") if response.ok else refused(response))
    means = "What a server kept of an order is as old as the request before: load the order anew, and ask then whose it is."
    if call("GET", orders["grace"][0], token).ok:
        means = NEVER_ASKED
    sent = "the same, after the order was confirmed in the database, and after it was given to grace there"
    expect(got, ["Confirmed", "refused"], sent=sent, means=means, see=at(3))
    means = (
        "ADA is another user. Her name differs from ada's in capitals only, and she gave the same e-mail address. Only the id "
        "says for certain who it is: compare order.user_id with request.user.pk."
    )
    got = refused(call("GET", orders["ada"][0], log_in("ADA")))
    expect(got, "refused", sent="GET of ada's order as ADA", means=means, see=at(3))
    got = told(answer(call("GET", orders["ada"][0], cookies=session_of(call, "ada"))))
    means = (
        "The order is hers. Who is logged in with a session sends no token, and request.auth is None. request.user is whoever asks, "
        "with either of them."
    )
    sent = "GET of ada's order as ada, with a session and without a token"
    # A view may take tokens alone: then it is nobody who asks here.
    expect(got, told(NO_CREDENTIALS) if got.startswith("401") else "200", sent=sent, means=means, see=at(3))


def test_an_owner_cancels_an_order(call, log_in, running, orders):
    token = log_in("ada")
    before = body_of(call("GET", orders["ada"][2], token))
    cancelled = call("DELETE", orders["ada"][2], token, json={"user": GRACE, "status": "Pending"})
    then = call("GET", orders["ada"][2], token)
    got = f"{told(answer(cancelled))}, then {told(answer(then))}, {body_of(then).get('status')}"
    means = (
        NO_ADDRESS
        if NOTHING_THERE in got
        else why_not_cancelled(cancelled, stored(running, orders["ada"][2]))
    )
    sent = "DELETE of ada's order as ada, with grace as its user in the body, then GET of the same. It was Confirmed"
    expect(got, "204, then 200, Cancelled", sent=sent, means=means, see=at(3))
    means = "To cancel changes the status and nothing else. Without its items, the order no longer says what was ordered."
    expect_each(body_of(then), before | {"status": "Cancelled"}, sent=sent, means=means, see=at(3))
    other = body_of(call("GET", orders["ada"][0], token)).get("status")
    means = "The address names one order, so one is cancelled: change the status of that order and save it."
    sent = "DELETE of one order of ada's, then GET of another order of hers"
    expect(other, "Pending", sent=sent, means=means, see=at(3))
    again = call("DELETE", orders["ada"][2], token)
    means = (
        "Who cancels an order twice, as after a response that was lost, has what they wanted. 204 says so."
    )
    sent = "DELETE of the same order once more"
    expect(told(answer(again)), "204", sent=sent, means=means, see=at(3))


def test_somebody_elses_order_looks_like_no_order(call, log_in, orders):
    token = log_in("ada")
    as_grace = {"username": "grace", "user": GRACE}
    nothing = {method: call(method, no_order(), token) for method in METHODS}
    unknown = by_method(nothing)
    # Each with grace's name beside the token, but for the first.
    hers = {"GET": call("GET", orders["grace"][0], token)}
    hers |= {method: call(method, orders["grace"][0], token, json=as_grace) for method in METHODS[1:]}
    hers["GET as if grace"] = call("GET", orders["grace"][0], token, params=as_grace, json=as_grace)
    hers["DELETE of a cancelled one"] = call("DELETE", orders["grace"][2], token)
    differ = {
        method: f"{told(answer(hers[method]))}, and another body"
        for method in METHODS
        if hers[method].content != nothing[method].content
    }
    got = (
        by_method(hers)
        | differ
        | {
            "GET of no order": unknown["GET"],
            "then": body_of(call("GET", orders["grace"][0], log_in("grace"))).get("status"),
        }
    )
    # The words are the learner's, as long as all are the same.
    hidden = unknown["GET"] if unknown["GET"].startswith("404") else "404"
    wanted = dict.fromkeys(got, hidden) | {"HEAD": "404", "then": "Pending"}
    wanted |= {method: unknown[method] for method in ("OPTIONS", "PUT", "PATCH")}
    sent = (
        f"{', '.join(METHODS)} of grace's orders as ada, one of them cancelled, also with grace's name beside the token, and the same "
        "of an order that does not exist"
    )
    expect_each(got, wanted, sent=sent, means=why_not_hidden(got, wanted), see=at(3))


def test_nothing_else_about_an_order_can_be_changed(call, log_in, orders):
    token, admin = log_in("ada"), log_in("admin")
    body = {"user": GRACE, "status": "Confirmed", "created_at": "2020-01-01T00:00:00Z"}
    before = body_of(call("GET", orders["ada"][0], token))
    statuses = [
        call(method, orders["ada"][0], access, json=body).status_code
        for access in (token, admin)
        for method in CHANGES[:2]
    ]
    after = body_of(call("GET", orders["ada"][0], token))
    refused = all(status in (403, 405) for status in statuses)
    got = f"{'refused' if refused else 'not refused'}, {'as it was' if before and before == after else 'not as it was'}"
    means = (
        "A view that updates writes every field that the serializer lets through: here the status, and the owner. "
        "Offer only what is wanted, also to an admin: read, and cancel."
    )
    if NOTHING_THERE in str(before):
        means = NO_ADDRESS
    elif 404 in statuses[2:] and all(status in (403, 405) for status in statuses[:2]):
        means = NO_ADMIN
    sent = "PUT and PATCH of ada's order as ada and as admin, with another owner and the status Confirmed"
    expect(got, "refused, as it was", sent=sent, means=means, see=at(3))


def test_a_body_sent_with_delete_is_ignored(call, log_in, orders):
    got = told(answer(call("DELETE", orders["ada"][1], log_in("ada"), data="[")))
    means = "The body was read, and request.data raises an exception where it cannot read one. To cancel, nothing in it is needed."
    if got.startswith(("404", "405")):
        means = "Ada cannot cancel her order yet."
    sent = "DELETE of ada's order as ada, with a body that is no JSON"
    expect(got, "204", sent=sent, means=means, see=at(3))


def test_an_admin_reads_and_cancels_every_order(call, log_in, running, orders):
    token = log_in("vera")
    got = [told(answer(call(method, orders["grace"][1], token))) for method in ("GET", "DELETE")]
    got.append(body_of(call("GET", orders["grace"][1], log_in("grace"))).get("status"))
    means = (
        "An admin helps customers, so every order is open to an admin, whatever the name is: ask for the owner or for is_staff "
        "of request.user."
    )
    if got[1] == "204" and stored(running, orders["grace"][1]) == ("Pending", GRACE):
        means = NOT_SAVED
    elif refused(call("GET", orders["grace"][0], log_in("admin"))) == "refused":
        means = NO_ADMIN
    sent = "GET and DELETE of grace's order as vera, who is an admin, then GET as grace"
    expect(got, ["200", "204", "Cancelled"], sent=sent, means=means, see=at(3))
    got = refused(call("GET", orders["grace"][0], log_in("zoe")))
    sent = "GET of grace's order as zoe, a superuser without is_staff"
    expect(got, "refused", sent=sent, means=IS_STAFF, see=at(3))


def test_a_demoted_admin_no_longer_sees_every_order(call, log_in, running, orders):
    token = log_in("vera")
    got = {"before": told(answer(call("GET", orders["grace"][0], token)))}
    change(running, "vera", "is_staff = 0")
    got["after"] = refused(call("GET", orders["grace"][0], token))
    means = STALE if got["before"] == "200" else "No admin reads an order of grace's yet."
    sent = "GET of grace's order with one access token, before and after its user was no admin any more"
    expect_each(got, {"before": "200", "after": "refused"}, sent=sent, means=means, see=at(4))
    change(running, "vera", "username = 'veronica'")
    change(running, "kaya", "username = 'vera'")
    got = refused(call("GET", orders["grace"][0], token))
    sent = "the same once more, after she was renamed and another admin got her name"
    expect(got, "refused", sent=sent, means=SOMEBODY_ELSE, see=at(4))
    change(running, "veronica", "is_staff = 1")
    got = told(answer(call("GET", orders["grace"][0], token)))
    sent = "the same once more, after she became an admin again"
    expect(got, "200", sent=sent, means=STALE, see=at(4))


def test_no_other_address_changes_anything_for_nobody(call):
    """The schema names every address of the API: also one that was made in passing."""
    known = ("/products/{product_id}/", "/orders/{order_id}/")
    paths = body_of(call("GET", "/api/schema/", params={"format": "json"})).get("paths", {})
    got = {
        f"{method.upper()} {path}": told(answer(call(method.upper(), filled(path))))
        for path, methods in paths.items()
        for method in methods
        if path not in known and method.upper() in CHANGES
    }
    means = (
        "The API's own schema tells everybody of this address, and it asks for no credentials. Another address that nobody "
        "knows is no permission."
    )
    sent = "PUT, PATCH and DELETE without credentials to each other address that GET /api/schema/ names"
    expect_each(got, dict.fromkeys(got, told(NO_CREDENTIALS)), sent=sent, means=means, see=at(2))
    expect(
        "/products/" in paths, True, sent="GET /api/schema/", means="The schema names the shop.", see=at(2)
    )


def test_the_rest_of_the_shop_is_as_it_was(call, log_in, running, orders):
    people = {"nobody": None, "grace": log_in("grace"), "admin": log_in("admin")}
    requests_of_the_shop = {
        "GET /products/": "200 200 200",
        "GET /products/info/": "200 200 200",
        "POST /products/": "401 403 201",
        "GET /orders/": "401 403 200",
        "GET /user-orders/": "401 200 200",
    }
    dear, got = LAMP | {"price": "9000.00"}, {}
    for line in requests_of_the_shop:
        method, path = line.split()
        statuses = [call(method, path, token, json=dear).status_code for token in people.values()]
        got[line] = " ".join(map(str, statuses))
    for name in ("grace", "admin"):
        response = call("GET", "/user-orders/", people[name])
        got[f"users whose orders {name} has"] = tried(
            lambda r=response: sorted({o["user"] for o in r.json()})
        )
    wanted = requests_of_the_shop | {
        "users whose orders grace has": [GRACE],
        "users whose orders admin has": [1],
    }
    means = (
        "These views were right, and are not part of this step. has_object_permission is never asked for a list, nor for what is "
        "added: what a list shows is for its queryset, and who may see it or add to it is for has_permission. /user-orders/ shows everybody "
        "their own orders, also an admin."
    )
    sent = f"requests to the other addresses as {', '.join(people)}"
    expect_each(got, wanted, sent=sent, means=means, see=at(3))
    info = body_of(call("GET", "/products/info/"))
    got = {
        "products": len(info.get("products", [])),
        "count": info.get("count"),
        "max_price": tried(lambda: float(info["max_price"])),
    }
    ((number, highest),) = running.sql("SELECT COUNT(*), MAX(price) FROM api_product")
    wanted = {"products": number, "count": number, "max_price": float(highest)}
    means = "A product that was added is missing there. A queryset keeps its rows: begin with a new one at each request, with .all()."
    sent = "GET /products/info/, then POST /products/ as admin with a price of 9000.00, then GET /products/info/ once more"
    expect_each(got, wanted, sent=sent, means=means, see=at(2))
    statuses = "SELECT status FROM api_order"
    wanted = {
        "/user-orders/ as grace": running.sql(f"{statuses} WHERE user_id = ?", GRACE),
        "/orders/ as admin": running.sql(statuses),
    }
    wanted = {path: sorted(status for (status,) in rows) for path, rows in wanted.items()}
    got = {}
    for line in wanted:
        path, _, name = line.split()
        got[line] = sorted(order["status"] for order in call("GET", path, people[name]).json())
    means = "A list holds every order, also one that is cancelled: whoever cancelled it looks for it there."
    expect_each(
        got,
        wanted,
        sent="GET of the two lists, and compared the statuses with the database",
        means=means,
        see=at(3),
    )


def test_the_attack_list_is_refused(attacks):
    for attack in attacks:
        expect(attack.got, attack.wanted, sent=attack.sent, means=attack.means, see=at(3))


STALE = (
    "The role was taken from the token, kept since an earlier request, or never asked for. A claim is what was true at the login; the database knows what "
    "is true now: ask request.user, which is loaded for each request."
)
SOMEBODY_ELSE = (
    "A name changes hands: the one in the token is what it was at the login, and the role that you looked up is that of whoever has it "
    "now. request.user was found by the id, and is_staff of that is the role."
)
NEVER_ASKED = (
    "Anybody who is logged in reads the orders of others. IsAuthenticated asks only who somebody is; whose order it is, "
    "has_object_permission has to ask. get_object() calls that: a view that looks the order up by itself has to call "
    "check_object_permissions()."
)
NOT_HERS = (
    "The order is hers, and the server denies it. Compare its user with request.user: the claim user_id is a text, and no "
    "number is equal to a text."
)
WRITTEN_BESIDE = (
    "What a client writes beside its token proves nothing. The owner is compared with request.user."
)
ENDED = "A permission that raises an exception ends the question: in `A | B`, when A raises Http404 or PermissionDenied, B is never asked."
NO_ADMIN = (
    "No admin may use the order of somebody else yet, and is_staff of request.user says who is an admin. "
    f"{ENDED} Ask for the owner and the admin in one permission, and raise only when it is neither."
)
IS_STAFF = (
    "An admin of this shop is a user with is_staff, as for IsAdminUser, and nobody else: neither is_superuser nor Django's "
    "model permissions count."
)
NOT_SAVED = "204 said that the order is cancelled, and nothing was saved: change the status of the order that get_object() found."
REFUSED = "An owner cancels an order whatever its status is, and whatever the body of the request says. Only who asks is a question."
NO_CHANGES = "Products cannot be changed yet: PUT and PATCH are not there."
ASK_WHO = (
    "First comes the question who asks: nobody, so 401. A client that gets 404 here believes that the order is gone, "
    "and one whose token has expired never refreshes it."
)


def why_not_cancelled(response, row):
    """What it means that a DELETE does not cancel, from the response to it and from what is stored then."""
    if not row:
        return "To cancel an order is not to delete it: the shop wants to know what was ordered. perform_destroy() is the place."
    status, owner = row
    if owner == GRACE:
        return "Now it is grace's order: the body of the DELETE was written into it. Set the status, and save that alone."
    if status != "Cancelled":
        return NOT_SAVED if response.ok else REFUSED
    if response.ok:
        return (
            "It is cancelled in the database, and the GET shows the order as it was: that response was kept, and sent again. "
            "Whatever is kept is also sent to a user who was deactivated since, for nobody is asked: load the order anew."
        )
    return "It is cancelled in the database, and the response is no success: send 204, without a body."


def why_not_hidden(got, wanted):
    """What it means that somebody else's order does not look like one that does not exist."""
    shown = got["GET"]
    if NOTHING_THERE in got["GET of no order"]:
        return NO_ADDRESS
    if shown.startswith("200"):
        return NEVER_ASKED
    if got["then"] not in ("Pending", "Cancelled"):
        return NOT_HERS
    if "403" in shown or "403" in got["DELETE"]:
        return "403 confirms that the order exists. Whoever tries ids learns which ones are real: send 404."
    if "404" in shown and shown != got["GET of no order"]:
        return "Both are 404, and the reasons differ, or what else is in the bodies: that is as good as a 403 for whoever tries ids."
    if shown != got["GET as if grace"]:
        return WRITTEN_BESIDE
    if telling := [method for method in ("HEAD", "OPTIONS", "PUT", "PATCH") if got[method] != wanted[method]]:
        return (
            f"The response to {' and '.join(telling)} tells a stranger which orders exist, as that to a GET would, also where nothing is "
            "changed. Ask for the owner or an admin whatever the method is, before anything is said about the order."
        )
    return (
        "To cancel asks the same question as to read: look the order up with get_object() in both, whatever its status is, or "
        "call check_object_permissions(). Otherwise every user cancels the orders of all the others, or learns which exist."
    )


def session_of(call, name):
    """The cookies of a browser in which this user has logged in, on the page that Django REST framework has for it."""
    page = "/api-auth/login/"
    cookies = call("GET", page).cookies
    form = {"username": name, "password": "test", "csrfmiddlewaretoken": cookies.get("csrftoken")}
    return call("POST", page, data=form, cookies=cookies, allow_redirects=False).cookies


def no_order():
    """The address of an order that does not exist."""
    return f"/orders/{uuid.uuid4()}/"


def asked_first(call, token, wanted, who):
    """The permission is asked before anything that only an admin may learn."""
    paths = {"PUT": "/products/3/", "PATCH": "/products/3/", "DELETE": NOWHERE}
    responses = {method: call(method, path, token, json=FREE) for method, path in paths.items()}
    responses |= {
        f"{method} of no JSON": call(method, path, token, data="[") for method, path in paths.items()
    }
    wanted = wanted | {f"{method} of no JSON": said for method, said in wanted.items()}
    means = (
        "The permission comes first, before the product is looked for and before the body is read: ask for it in get_permissions() "
        "or permission_classes. Until you ask, your code runs for everybody, and a client whose token expired gets no 401."
    )
    if responses["DELETE"].status_code == 404 and responses["PUT"].status_code != 400:
        means = (
            "You ask only when a product was found: has_object_permission is called by get_object(), and here no product is. Ask in "
            "has_permission, which is called first, for each request, also for a list and for what is added."
        )
    sent = (
        f"PUT and PATCH /products/3/ with the price 0.00, and DELETE {NOWHERE}, where no product is, then each with a body that is no "
        f"JSON, {who}"
    )
    expect_each(by_method(responses), wanted, sent=sent, means=means, see=at(1))


def powers(call, token):
    """What PATCH and DELETE of a product get: one text when they agree."""
    return " / ".join(sorted({of_product(call(method, NOWHERE, token, json={})) for method in CHANGES[1:]}))


def of_product(response):
    """Status and reason. The shop says in words of its own that a product is not there."""
    status, reason = answer(response)
    return told(NO_PRODUCT if status == 404 and reason != NOTHING_THERE else (status, reason))


def change(server, name, assignments):
    """Change a user's row, as an admin's page would. The server notices nothing of it until it looks."""
    server.sql(f"UPDATE api_user SET {assignments} WHERE username = ?", name)  # noqa: S608


def stored(server, path):
    """Status and user of the order at this address, as the database has them; None when it is not there."""
    return next(iter(server.sql("SELECT status, user_id FROM api_order WHERE order_id = ?", key(path))), None)


def key(path):
    """The id of the order at this address, as the database writes it."""
    return path.split("/")[2].replace("-", "")


def refused(response):
    """The word, or what came in place of a refusal."""
    return "refused" if response.status_code in (403, 404) else told(answer(response))


def filled(path):
    """An address of the schema, with the number of a product in each of its places."""
    return re.sub(r"\{\w+\}", "5", path)


def by_method(responses):
    return {method: told(answer(response)) for method, response in responses.items()}


def at(section):
    return f"09, section {section}"
