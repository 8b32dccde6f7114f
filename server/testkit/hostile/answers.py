"""Send hostile requests to the server of DJANGO_SETTINGS_MODULE, in this process; print one JSON line for each.

python -m testkit.hostile.answers corpus           every request of the corpus
python -m testkit.hostile.answers holes            the tokens of the ten holes, with each hole in turn open
python -m testkit.hostile.answers random EXAMPLES SEED
"""

import json
import logging
import sys
import time
import warnings


def main(what, *arguments):
    import django

    warnings.simplefilter("ignore")
    django.setup()
    logging.disable(logging.CRITICAL)  # a thousand tracebacks, which are counted here

    from django.core.wsgi import get_wsgi_application

    from testkit.hostile.people import make_people

    application, people = get_wsgi_application(), make_people()
    for line in PARTS[what](application, people, *arguments):
        print(json.dumps(line), flush=True)


def answer_corpus(application, people):
    """What came back for every hostile request."""
    from testkit.hostile.corpus import corpus

    return map(sender(application), corpus(people))


def answer_holes(application, people):
    """What came back for the token of each hole, with no hole open and then with one at a time."""
    from testkit.hostile.corpus import hostile_tokens
    from testkit.hostile.holes import HOLES, WHERE, opened

    rows = {row for row, _ in HOLES.values()}
    send = sender(application)
    for name in (None, *HOLES):
        with opened(name):
            chosen = [one for one in hostile_tokens(people) if one.row in rows and one.where in WHERE]
            yield from ({"hole": name} | send(hostile) for hostile in chosen)


def sender(application):
    from testkit.hostile.judge import fault
    from testkit.hostile.wire import Wire

    wire = Wire(application)

    def send(hostile):
        began = time.process_time()
        response = wire.send(hostile)
        seconds = time.process_time() - began
        return {
            "row": hostile.row,
            "where": hostile.where,
            "bytes": len(hostile.body),
            "anybody": not hostile.headers.keys() & {"HTTP_AUTHORIZATION", "HTTP_COOKIE"},
            "status": response.status,
            "code": response.code(),
            "accepted": hostile.is_accepted(response.status),
            "fault": fault(response, hostile),
            "seconds": round(seconds, 4),
        }

    return send


def answer_random(application, people, examples, number):
    """The statuses and faults of random claims and of random requests from the schema."""
    from testkit.hostile import contract
    from testkit.hostile.wire import Wire

    for name, run, target in (
        ("random claims", contract.random_claims, Wire(application)),
        ("requests from the schema", contract.schema_cases, application),
    ):
        tally = contract.Tally()
        run(target, people, tally, examples=int(examples), number=int(number))
        yield {"what": name, "statuses": tally.statuses, "faults": tally.faults}


PARTS = {"corpus": answer_corpus, "holes": answer_holes, "random": answer_random}

if __name__ == "__main__":
    main(*sys.argv[1:])
