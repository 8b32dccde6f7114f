"""Random requests: what the OpenAPI schema allows and what it forbids, and random claims under a right signature."""

from contextlib import suppress
from functools import partial

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from testkit.hostile.endpoints import BODY_ENDPOINTS, HEADER_ENDPOINTS, JSON, dumps
from testkit.hostile.judge import fault
from testkit.hostile.request import Hostile
from testkit.hostile.wire import from_many_addresses

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
# An unknown host is refused before any operation, and Accept may ask for DRF's browsable page instead of one.
# No operation documents either. Hostile rows of both are in the corpus.
BEFORE_OPERATIONS = ("host", "accept")
NAMES = st.sampled_from(["exp", "iat", "nbf", "jti", "user_id", "token_type", "iss", "aud", "sub", "x"])


class Tally:
    """How many responses of each status there were, and a sentence on each that was wrong."""

    def __init__(self):
        self.statuses = {}
        self.faults = []

    def note(self, status, sentence, what):
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if sentence:
            self.faults.append(f"{what}: {sentence}")


def repeat(check, strategy, examples, number):
    """Run `check` on so many random values.

    The same number draws the same values where the same modules are loaded: Hypothesis draws from their constants too.
    """

    def example(value):
        check(value)

    quiet = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(quiet(given(strategy)(example)))()


def random_claims(wire, people, tally, *, examples, number):
    """Every endpoint that reads a token is sent random claims, rightly signed."""
    claims = st.dictionaries(NAMES, VALUES, max_size=4)

    def present(method, path, found):
        token = people.token("access", **found)
        sent = JSON | {"HTTP_AUTHORIZATION": f"Bearer {token}"}
        send(wire, tally, Hostile(f"claims {found}", f"{method} {path}", method, path, b"{}", sent))

    def post(path, field, token_type, found):
        body = dumps({field: people.token(token_type, **found)})
        send(wire, tally, Hostile(f"claims {found}", f"POST {path}", "POST", path, body, JSON))

    for endpoint in HEADER_ENDPOINTS[:-1]:  # the schema takes a tenth of a second to make
        repeat(partial(present, *endpoint), claims, examples, number)
    for endpoint in BODY_ENDPOINTS:
        repeat(partial(post, *endpoint), claims, examples, number)


def send(wire, tally, hostile):
    response = wire.send(hostile)
    tally.note(response.status, fault(response, hostile), f"{hostile.where}, {hostile.row}")


def schema_cases(application, people, tally, *, examples, number):
    """Each operation of the schema as nobody, ada and admin: no 5xx, and no status or body that is not documented."""
    import schemathesis

    for operation in (result.ok() for result in schema_of(application).get_all_operations()):
        for name in ("nobody", "ada", "admin"):
            check = checker(operation, people, name, tally)
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                # An operation that takes nothing cannot be sent anything wrong.
                with suppress(Unsatisfiable):
                    repeat(check, operation.as_strategy(generation_mode=mode), examples, number)


def schema_of(application):
    """The schema, as Schemathesis reads it from this application, to which it also sends its requests."""
    import schemathesis

    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", from_many_addresses(application))


def checker(operation, people, name, tally):
    from schemathesis import checks
    from schemathesis.core.failures import FailureGroup

    contract = [
        checks.not_a_server_error,
        *(
            checks.CHECKS.get_one(check)
            for check in (
                "status_code_conformance",
                "content_type_conformance",
                "response_schema_conformance",
            )
        ),
    ]

    def check(case):
        headers = {
            key: value for key, value in (case.headers or {}).items() if key.lower() not in BEFORE_OPERATIONS
        }
        if name != "nobody":
            headers["Authorization"] = f"Bearer {people.token('access', name)}"
        case.headers = headers
        response = case.call()
        try:
            case.validate_response(response, checks=contract)
            sentence = None
        except FailureGroup as failures:
            sentence = "; ".join(f"{failure.title}: {failure.message}" for failure in failures.exceptions)
        tally.note(response.status_code, sentence, f"{operation.label} as {name}")

    return check
