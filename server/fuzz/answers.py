"""Send hostile requests to the server of DJANGO_SETTINGS_MODULE in this process: `python -m fuzz.answers corpus`.

`corpus` prints one JSON line per request; `random EXAMPLES SEED` prints one line for all.
"""

import json
import logging
import sys
import warnings


def main(what, *numbers):
    import django

    warnings.simplefilter("ignore")
    django.setup()
    logging.disable(logging.CRITICAL)  # a thousand tracebacks, which are counted here

    from django.core.wsgi import get_wsgi_application

    from fuzz.people import make_people

    application, people = get_wsgi_application(), make_people()
    lines = (
        answer_corpus(application, people)
        if what == "corpus"
        else answer_random(application, people, *numbers)
    )
    for line in lines:
        print(json.dumps(line), flush=True)


def answer_corpus(application, people):
    """Row, endpoint, status, code and fault of every hostile request of the corpus."""
    from fuzz.corpus import corpus
    from fuzz.judge import fault
    from fuzz.wire import Wire

    wire = Wire(application)
    for hostile in corpus(people):
        answer = wire.send(hostile)
        yield {
            "row": hostile.row,
            "where": hostile.where,
            "status": answer.status,
            "code": answer.code(),
            "fault": fault(answer, hostile),
        }


def answer_random(application, people, examples, number):
    """The statuses and faults of random claims and of random requests from the schema."""
    from fuzz import contract
    from fuzz.wire import Wire

    examples, number = int(examples), int(number)
    for name, run, target in (
        ("random claims", contract.random_claims, Wire(application)),
        ("requests from the schema", contract.schema_cases, application),
    ):
        tally = contract.Tally()
        run(target, people, tally, examples=examples, number=number)
        yield {"what": name, "statuses": tally.statuses, "faults": tally.faults}


if __name__ == "__main__":
    main(*sys.argv[1:])
