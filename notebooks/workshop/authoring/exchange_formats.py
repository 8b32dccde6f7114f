"""One exchange with the shop in four languages: .http, curl, PowerShell and Python, all from one list of calls."""

import json
import shlex
from collections.abc import Callable
from typing import NamedTuple

SHOP = "http://127.0.0.1:8000"
JSON = "Content-Type: application/json"


class Token(NamedTuple):
    """A token out of an earlier answer: `Token("login", "access")`."""

    answer: str
    kind: str


class Call(NamedTuple):
    """One call. `name` is that of its answer, when a later call takes a token from it."""

    says: str
    path: str
    name: str = ""
    body: dict[str, str | Token] | None = None  # with a body it is a POST, without one a GET
    bearer: Token | None = None


REFRESHING = [
    Call("Log in: obtain a token pair.", "/api/token/", "login", {"username": "ada", "password": "test"}),
    Call("Present the access token.", "/user-orders/", bearer=Token("login", "access")),
    Call(
        "Refresh: obtain a new access token.",
        "/api/token/refresh/",
        "refreshed",
        {"refresh": Token("login", "refresh")},
    ),
    Call("Present the new access token.", "/user-orders/", bearer=Token("refreshed", "access")),
]


def as_http(calls: list[Call]) -> str:
    """For VS Code REST Client and httpyac."""
    return "\n\n".join([f"@shop = {SHOP}", *map(http_call, calls)])


def http_call(call: Call) -> str:
    lines = [f"### {call.says}"]
    lines += [f"# @name {call.name}"] if call.name else []
    lines += [f"{'POST' if call.body else 'GET'} {{{{shop}}}}{call.path}"]
    lines += [f"Authorization: Bearer {http_token(call.bearer)}"] if call.bearer else []
    lines += [JSON, "", json.dumps(filled(call.body, http_token))] if call.body else []
    return "\n".join(lines)


def http_token(token: Token) -> str:
    return f"{{{{{token.answer}.response.body.$.{token.kind}}}}}"


def as_curl(calls: list[Call]) -> str:
    """For bash. Bodies and tokens go in by standard input: every user can list the commands that run."""
    take = """take() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }"""
    return "\n\n".join([f"shop={SHOP}\n{take}", *(curl_call(call, calls) for call in calls)])


def curl_call(call: Call, calls: list[Call]) -> str:
    if call.body:
        # The constant parts are in single quotes; only a token's variable is outside of them.
        marked = filled(call.body, lambda token: f"<{curl_token(token)}>")
        body = shlex.quote(json.dumps(marked))
        for token in tokens_in(call):
            body = body.replace(f"<{curl_token(token)}>", f"""'"${curl_token(token)}"'""")
        command = f"""curl -sS "$shop{call.path}" -H '{JSON}' \\\n    -d @- <<< {body}"""
    else:
        header = f' -H @- <<< "Authorization: Bearer ${curl_token(call.bearer)}"' if call.bearer else ""
        command = f"""curl -sS -w '\\n' "$shop{call.path}"{header}"""
    lines = [f"# {call.says}", f"{call.name}=$({command})" if call.name else command]
    taken = {token for other in calls for token in tokens_in(other) if token.answer == call.name}
    lines += [f'{curl_token(token)}=$(take {token.kind} <<< "${token.answer}")' for token in sorted(taken)]
    return "\n".join(lines)


def curl_token(token: Token) -> str:
    return f"{token.answer}_{token.kind}"


def as_powershell(calls: list[Call]) -> str:
    """For Windows PowerShell 5.1 and PowerShell 7."""
    return "\n\n".join([f'$shop = "{SHOP}"', *map(powershell_call, calls)])


def powershell_call(call: Call) -> str:
    command = f'Invoke-RestMethod "$shop{call.path}"'
    if call.body:
        values = {
            name: f"${value.answer}.{value.kind}"
            if isinstance(value, Token)
            else "'" + value.replace("'", "''") + "'"
            for name, value in call.body.items()
        }
        table = "; ".join(f"{name} = {value}" for name, value in values.items())
        command += f" -Method Post -ContentType application/json `\n    -Body (@{{{table}}} | ConvertTo-Json)"
    if call.bearer:
        command += f' -Headers @{{Authorization = "Bearer $(${call.bearer.answer}.{call.bearer.kind})"}}'
    return f"# {call.says}\n" + (f"${call.name} = {command}" if call.name else command)


def as_python(calls: list[Call]) -> str:
    """For requests."""
    return "\n\n".join([f'import requests\n\nshop = "{SHOP}"', *map(python_call, calls)])


def python_call(call: Call) -> str:
    name = call.name or "response"
    lines = [f"# {call.says}"]
    options = ["timeout=5"]
    if call.body:
        values = {
            json.dumps(name): f'{value.answer}["{value.kind}"]'
            if isinstance(value, Token)
            else json.dumps(value)
            for name, value in call.body.items()
        }
        body = ", ".join(f"{name}: {value}" for name, value in values.items())
        options.insert(0, f"json={{{body}}}")
    if call.bearer:
        bearer = f"""f"Bearer {{{call.bearer.answer}['{call.bearer.kind}']}}\""""
        lines += [f'headers = {{"Authorization": {bearer}}}']
        options.insert(0, "headers=headers")
    method = "post" if call.body else "get"
    lines += [
        f'{name} = requests.{method}(f"{{shop}}{call.path}", {", ".join(options)})'
        + ".json()" * bool(call.name)
    ]
    lines += [] if call.name else ["print(response.status_code, response.json())"]
    return "\n".join(lines)


def filled(body: dict[str, str | Token], write: Callable[[Token], str]) -> dict[str, str]:
    """The body with each token as this language writes it."""
    return {name: write(value) if isinstance(value, Token) else value for name, value in body.items()}


def tokens_in(call: Call) -> list[Token]:
    values = [call.bearer, *(call.body or {}).values()]
    return [value for value in values if isinstance(value, Token)]


def fenced(language: str, text: str, left_out: str = "") -> str:
    """A block for a lesson, with the reason why the lesson's own tests leave it out."""
    comment = f"<!-- not tested: {left_out} -->\n\n" if left_out else ""
    return f"{comment}```{language}\n{text}\n```"


TRIED = "here, but run as it stands by notebooks/tests/test_exchange_formats.py"
LESSON_PARTS: dict[str, Callable[[], str]] = {
    "refreshing as .http": lambda: fenced("http", as_http(REFRESHING), TRIED),
    "refreshing with curl": lambda: fenced("bash", as_curl(REFRESHING), TRIED),
    "refreshing in PowerShell": lambda: fenced("powershell", as_powershell(REFRESHING)),
    "refreshing in Python": lambda: fenced("python", as_python(REFRESHING)),
}
