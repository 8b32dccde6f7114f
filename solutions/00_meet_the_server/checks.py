"""What step 00 asks: a public endpoint is read without a token, and a refusal is taken apart."""

import json
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, quote, unquote

import pytest
import requests

from workshop.expect import answer, expect, expect_each, tried
from workshop.servers.transport import Door
from workshop.wire import sent

FILE = "client/first_calls.py"
NO_CREDENTIALS = "Authentication credentials were not provided."
VALUES = ["status", "detail", "challenge"]
GREETING = 'Closed. Say "hello" tomorrow \N{WAVING HAND SIGN}'
# A shell would read something else here, a dict keeps one b, and whatever encodes or decodes once more changes c.
CLOSED = "/closed%20door/?a='1'&b=$2&b=&c=%26+"
NO_GAPS = "{path} opens at 8 &amp; costs 100%s"  # nothing in it is to be filled in or replaced
# Only a reader that runs what it reads finds 1729 in them. All but the last are no JSON.
PROGRAMS = {
    "Python": '{"name": "17" + "29", "detail": "17" + "29"}',
    "YAML": '{"name": &a !!python/object/apply:operator.add ["17", "29"], "detail": *a }',
    "a shell": """{"name": "17'"29"'", "detail": "17'"29"'"}""",
    "Python in a text": '{"name": "1700 + 29", "detail": "1700 + 29"}',
}
SAYS_ELSEWHERE = {  # status, body and challenge
    CLOSED: (401, json.dumps({"detail": GREETING}), 'Shop realm="api", charset="UTF-8"'),
    "/silent/": (403, '{"error": "detail"}', 'Shop error="insufficient_scope"'),
    "/resting/": (503, json.dumps({"detail": NO_GAPS}), None),
    "/queue/": (202, '{"detail": "Please wait.", "status": 7, "challenge": "Shop"}', None),
    "/many/": (400, '[{"detail": "The first order has no items."}, {}]', None),
    "/empty/products/": (200, "[]", None),
    "/backwards/products/": (200, '[{"id": 2, "name": "Tea"}, {"id": 1, "name": "Cup"}]', None),
}
for language, program in PROGRAMS.items():
    SAYS_ELSEWHERE[f"/{language}/"] = (200, program, None)
    SAYS_ELSEWHERE[f"/{language}/products/"] = (200, f"[{program}]", None)
NO_SUCH_PATH = "This server does not know the path "


class Elsewhere(BaseHTTPRequestHandler):
    """Another server. As many do, it spells its header's names in small letters, and its JSON in ASCII."""

    def do_GET(self):
        unknown = (404, json.dumps({"detail": f"{NO_SUCH_PATH}{self.path}"}), None)
        status, body, challenge = UNDERSTOOD.get(understood(self.path), unknown)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        if challenge:
            self.send_header("www-authenticate", challenge)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments):
        """Say nothing: what a check needs to know, it sees from the client's side."""


def understood(address):
    """The path and the query as a server reads them: %27 and ' are one letter, and & and %26 are two."""
    path, _, query = address.partition("?")
    return unquote(path), tuple(parse_qsl(query, keep_blank_values=True))


UNDERSTOOD = {understood(path): said for path, said in SAYS_ELSEWHERE.items()}


@pytest.fixture(scope="module")
def elsewhere():
    """The address of another server than the shop."""
    door = Door(Elsewhere)
    door.open()
    yield f"http://127.0.0.1:{door.port}"
    door.close()


def test_product_names_come_from_the_public_endpoint(url, elsewhere, learner, wire):
    module = learner(FILE)  # one program, which could remember
    listed(module, url)
    add_products(url)
    wanted = [product["name"] for product in requests.get(f"{url}/products/", timeout=5).json()]
    wire.clear()
    got = listed(module, url)
    means = header_meaning(wire) or address_meaning(wire) or names_meaning(got, wanted)
    expect(got, wanted, sent=sent(wire, "a call of product_names()"), means=means, see="00, section 1")
    got = module.product_names(f"{elsewhere}/backwards")
    means = "The order is that of the response. A server that lists its products in another one than by id or name has its reasons."
    asked = "GET /products/ to a server that lists its second product first"
    expect(got, ["Tea", "Cup"], sent=asked, means=means, see="00, section 1")
    got = tried(lambda: f"{module.product_names(f'{elsewhere}/empty')}")
    means = "A shop that has sold everything refuses nothing: its list is empty, and so is yours."
    expect(
        got or "an error",
        "[]",
        sent="GET /products/ to a server that has no product",
        means=means,
        see="00, section 1",
    )
    wire.clear()
    got = tried(lambda: f"{module.product_names(f'{elsewhere}/nowhere')}")
    means = address_meaning(wire) or (
        "The server refused, with 404. An empty list would say that there are no products: raise an error."
    )
    asked = sent(wire, "a call of product_names()")
    expect(got or "an error", "an error", sent=asked, means=means, see="00, section 3")


def test_a_body_is_decoded_and_never_run(elsewhere, learner):
    module = learner(FILE)
    ran = [language for language in PROGRAMS if runs(module, f"{elsewhere}/{quote(language)}")]
    means = (
        "A body is data, and so is each text in it. Whatever runs it, such as eval(), a shell, or yaml.load() with a loader that makes Python objects, lets the "
        "server write a program for your machine. response.json() only reads it."
    )
    sent = "a body that is a program, or holds one, to knock() and product_names(), and looked in which language it ran"
    expect(ran or ["none"], ["none"], sent=sent, means=means, see="00, section 1")


RESPONSES = {
    "/user-orders/": (401, NO_CREDENTIALS),
    "/products/": (200, None),
    "/products/2/": (200, None),
    "/products/999/": (404, "No Product matches the given query."),
    "/api/token/": (405, 'Method "GET" not allowed.'),
}


@pytest.mark.parametrize("path", RESPONSES)
def test_each_response_of_the_shop_is_taken_apart(url, learner, wire, path):
    challenge = requests.get(f"{url}{path}", timeout=5).headers.get("WWW-Authenticate")
    wanted = dict(zip(VALUES, (*RESPONSES[path], challenge), strict=True))
    wire.clear()
    knocked(learner, wire, url, path, wanted, "00, section 3")


ELSEWHERE = {
    "another scheme": CLOSED,
    "without a word": "/silent/",
    "a 503": "/resting/",
    "a success": "/queue/",
    "a list": "/many/",
}


@pytest.mark.parametrize("path", ELSEWHERE.values(), ids=ELSEWHERE)
def test_another_server_is_read_as_well(elsewhere, learner, wire, path):
    status, body, challenge = SAYS_ELSEWHERE[path]
    parsed = json.loads(body)
    detail = parsed.get("detail") if isinstance(parsed, dict) else None
    wanted = {"status": status, "detail": detail, "challenge": challenge}
    knocked(learner, wire, elsewhere, path, wanted, "00, section 4")


def test_a_path_may_begin_with_two_slashes(url, learner, wire):
    wanted = dict(zip(VALUES, (404, "There is nothing at this address.", None), strict=True))
    knocked(learner, wire, url, f"//{url.partition('//')[2]}/user-orders/", wanted, "00, section 3")


def knocked(learner, wire, url, path, wanted, see):
    """knock() gives these values, among exactly its three keys."""
    got = learner(FILE).knock(url, path)
    asked = sent(wire, f"a call of knock(url, {path!r})")
    keys = sorted(map(str, got)) if isinstance(got, dict) else f"a {type(got).__name__}"
    means = "knock() gives a dict with exactly these three keys, whatever the server said."
    expect(keys, sorted(VALUES), sent=asked, means=means, see=see)
    means = "" if wanted.items() <= got.items() else meaning(got, wanted, wire, path)
    expect_each(got, wanted, sent=asked, means=means, see=see)


def meaning(got, wanted, wire, path):
    """What the first difference means: the cause before what follows from it."""
    if fault := header_meaning(wire) or request_meaning(wire, path):
        return fault
    if str(got["detail"]).startswith(NO_SUCH_PATH):
        return (
            "Another path than this arrived at the server. A shell ends a command at &, takes quotes away, and replaces $2 "
            f"even between double quotes: whoever chooses the path can then run commands on your machine. {AS_IT_IS}"
        )
    if got["status"] != wanted["status"]:
        return status_meaning(got["status"], wanted["status"])
    if "detail" in wanted and got["detail"] != wanted["detail"]:
        return detail_meaning(got["detail"], wanted["detail"])
    return challenge_meaning(got["challenge"], wanted["challenge"])


def listed(module, url):
    """What product_names() gives, or in words how the server refused."""
    try:
        return module.product_names(url)
    except requests.HTTPError as refused:
        return f"an error: {refused.response.status_code} {refused.response.reason}"


def runs(module, base_url):
    """Whether a body of this server was run."""
    calls = (lambda: module.knock(base_url, "/"), lambda: module.product_names(base_url))
    return any("1729" in str(tried(call)) for call in calls)


def header_meaning(wire):
    if wire and "Authorization" in wire[-1].request.headers:
        return (
            f"The server said {answer(wire[-1])[1]!r}. A bad header closes even a public endpoint, and this step "
            "needs none: send no Authorization at all."
        )
    return ""


def address_meaning(wire):
    """What was asked, where it is not the list of all products."""
    if not wire or wire[-1].request.path_url.endswith("/products/"):
        return ""
    return (
        f"Your code asked {wire[-1].request.path_url}. All products come in one response, that of GET /products/: numbers "
        "have gaps, and a shop may have no product with the number 1."
    )


def request_meaning(wire, path):
    """What was asked, where it is not a GET of the path."""
    if not wire:
        return ""
    request = wire[-1].request
    asked = f"{request.method} {request.path_url}"
    if request.method == "GET" and understood(request.path_url) == understood(path):
        return ""
    if path.startswith("//"):
        return (
            "The path begins with // here, and urljoin() takes what follows for another server, as urlsplit() does. Your code "
            f"asked {asked}."
        )
    return f"knock() asks with GET for the path it was given, here {path}, and your code asked {asked}. {AS_IT_IS}"


AS_IT_IS = (
    "Send the path as it is, to the last letter: what is encoded in it with % stays so. A query that is taken "
    "apart can lose something: parse_qs() drops what has no value, and dict() keeps one value of each name."
)


def status_meaning(got, wanted):
    if isinstance(got, str):
        return "`status` is a number, and this is text: response.status_code."
    if got == 200 and wanted == 401:
        return (
            "requests does not raise for a 401: it returns it like any response. Read response.status_code."
        )
    return (
        f"The server answered {wanted}, and your code says something else: read response.status_code. The body may have a "
        "`status`, too, and that is another one."
    )


def detail_meaning(got, wanted):
    if wanted is None:
        return (
            "This response has no `detail`. Give None: what an entry of a list has is its own, an empty text would be a sentence, "
            "too, and so would the phrase of the status line."
        )
    if isinstance(got, str) and got.lower() in ("unauthorized", "not found", "method not allowed"):
        return (
            "That is the phrase of the status line, the same for every response with this status. "
            "The reason is in the body, under `detail`."
        )
    if isinstance(got, str) and got.lstrip().startswith(("{", "[")):
        return "That is the whole body as text. It is JSON: decode it and take the value of `detail`."
    if got is None:
        return "The body has a `detail`, and whatever the status is, its value is the server's sentence."
    if isinstance(got, str) and got[:7] == wanted[:7]:
        return (
            "This is not how JSON reads it: there, a backslash begins an escape, which stands for another letter. "
            "Decode the body with response.json(). To search the text, or to decode another format, is something else."
        )
    return (
        "The sentence is in the body, under `detail`. Each response has its own: read it there, and give it letter by letter, "
        "with nothing in it filled in or replaced."
    )


def challenge_meaning(got, wanted):
    if wanted is None:
        return "This response has no header WWW-Authenticate: give None."
    if got is None:
        return (
            "The challenge is no part of the body: it is the header WWW-Authenticate, whatever the status is, and names the "
            "scheme to use. `www-authenticate` is the same name, and response.headers knows that."
        )
    return "The challenge is the whole value of the header WWW-Authenticate, as this server sent it. Another server names another scheme."


def names_meaning(got, wanted):
    if isinstance(got, list) and set(map(str, got)) < set(wanted):
        return "Some names are missing. A product was added a moment ago: ask at each call, and read all names from the response."
    if isinstance(got, list) and any("\\" in str(name) for name in got):
        return "A quote in a name is an escape in the text of the body. Decode it with response.json(): a search does not."
    return "The list holds the `name` of each product, letter by letter, in the order of the response, and a name as often as it comes."


def add_products(url):
    """Two products that nobody has seen before, of the same name."""
    account = {"username": "admin", "password": "test"}
    access = requests.post(f"{url}/api/token/", json=account, timeout=5).json()["access"]
    product = {"name": 'Thé &amp; "{cake}"', "description": "Short and stout.", "price": "4.18", "stock": 1}
    headers = {"Authorization": f"Bearer {access}"}
    for _ in range(2):
        response = requests.post(f"{url}/products/", json=product, headers=headers, timeout=5)
        means = "The shop takes it."
        expect(
            answer(response), (201, None), sent="a new product, as admin", means=means, see="00, section 1"
        )
