"""The recorder as Server-Sent Events: what is there now, and then each record as it comes."""

import threading
import time

TOGETHER = 500  # records in one event
LONGEST = 50  # seconds: then the page asks again, and goes on where it was
HEARTBEAT = 5  # seconds; writing is the only way to notice that a page has gone
OTHER_WORKERS = 0.25  # seconds between two looks for what another process added
SOON, LATER = 200, 1_000  # milliseconds until the page asks again

# More pages than this ask every second instead of holding a thread each.
places = threading.BoundedSemaphore(64)


def can_hold(environ):
    """Whether a stream may stay open: only where each connection has a thread of its own.

    Elsewhere (gunicorn, waitress) a few open pages would take every worker and the class would stand still.
    """
    own_thread = environ.get("SERVER_SOFTWARE", "").startswith("WSGIServer")
    return own_thread and environ.get("wsgi.multithread", False)


def events(ring, last_event_id, *, hold):
    """The event stream after that id. When it may not be held, it ends after what is there now."""
    held = hold and places.acquire(blocking=False)
    try:
        yield f"retry: {SOON if held else LATER}\n\n"
        last = position(ring, last_event_id)
        until = time.monotonic() + (LONGEST if held else 0)
        beat = time.monotonic()
        while True:
            for text, number in batches(ring, last):
                yield text
                last, beat = number, time.monotonic()
            if time.monotonic() >= until:
                break
            ring.wait(OTHER_WORKERS)
            if time.monotonic() - beat > HEARTBEAT:
                yield ": still here\n\n"
                beat = time.monotonic()
        yield "event: pause\ndata: {}\n\n"
    finally:
        if held:
            places.release()


def position(ring, last_event_id):
    """The last record that the page has of this ring; 0 when its id is of another ring, or of none."""
    epoch, _, number = last_event_id.partition("-")
    return int(number) if epoch == ring.epoch and number.isdecimal() and len(number) < 16 else 0


def batches(ring, last):
    """The records after `last` as events, each with the id to go on from."""
    found = ring.after(last)
    for start in range(0, len(found), TOGETHER):
        some = found[start : start + TOGETHER]
        last = some[-1][0]
        records = ",".join(f'{{"id":{number},"record":{data}}}' for number, data in some)
        yield f"id: {ring.epoch}-{last}\ndata: [{records}]\n\n", last
