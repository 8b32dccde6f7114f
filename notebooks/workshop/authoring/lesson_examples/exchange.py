"""Two `http` blocks, a request and its answer: the request is sent, the answer compared."""

import http.client
import json
from dataclasses import replace

from . import json_shape, message
from .blocks import Block
from .lesson_error import LessonError, diff
from .memory import Dots, Memory, without_numbers
from .message import Answer, Message
from .session import Session


def check(session: Session, asked: Block, answered: Block) -> None:
    """Send the request; `LessonError` at the first line of the answer that the server does not send."""
    request = filled(session.memory, message.read(asked))
    shown = message.read(answered)
    try:
        real = message.send(session.url, request)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise LessonError(f"the request cannot be sent: {error}.", request.line) from error
    compare_status(shown, real)
    compare_headers(session.memory, shown, real)
    compare_bodies(session.memory, shown, real)


def filled(memory: Memory, request: Message) -> Message:
    headers = [(name, memory.fill(value, line), line) for name, value, line in request.headers]
    body = memory.fill(request.body, request.body_line)
    return replace(request, first=memory.fill(request.first, request.line), headers=headers, body=body)


def compare_status(shown: Message, real: Answer) -> None:
    if shown.first != real.first:
        both = f"the server answered {real.first}, the lesson shows {shown.first}"
        raise LessonError(f"{both}; its body is {beginning(real)}", shown.line)


def compare_headers(memory: Memory, shown: Message, real: Answer) -> None:
    for name, value, line in shown.headers:
        values = real.headers.get_all(name)
        if values is None:
            raise LessonError(f"the lesson shows a header {name}, and the server sent none.", line)
        if why := memory.compare(value, ", ".join(values)):
            sent = without_numbers(", ".join(values))
            raise LessonError(
                f"header {name}: the server sent {sent!r}, the lesson shows {value!r} ({why}).", line
            )


def compare_bodies(memory: Memory, shown: Message, real: Answer) -> None:
    if shown.body.strip() == "...":
        return
    if "json" in real.headers.get_content_type() and real.body:
        compare_json(memory, shown, real)
    elif why := memory.compare(f"{shown.body}\n", f"{real.body.rstrip()}\n", Dots.LINES):
        shown_lines, real_lines = (without_numbers(body).splitlines() for body in (shown.body, real.body))
        raise LessonError(
            f"the server sent another body ({why}).{diff(shown_lines, real_lines)}", shown.body_line
        )


def compare_json(memory: Memory, shown: Message, real: Answer) -> None:
    try:
        wanted = json_shape.read(shown.body)
    except ValueError as error:
        raise LessonError(
            f"the body shown is no JSON ({error}); the server sent {beginning(real)}", shown.body_line
        ) from error
    got = json.loads(real.body)
    if why := json_shape.difference(wanted, got, memory):
        difference = diff(json_shape.pretty(wanted), json_shape.pretty(got))
        raise LessonError(f"the server sent another body: {why}.{difference}", shown.body_line)


def beginning(real: Answer) -> str:
    """Enough of the body to see what happened, and no token."""
    if real.headers.get_content_type() == "text/html":
        return "an HTML page."
    return without_numbers(real.body)[:500] or "empty."
