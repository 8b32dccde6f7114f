"""The harness that tests lessons, on toy lessons: each thing that is not so is reported with file and line."""

import textwrap

import pytest

from workshop import paths
from workshop.authoring.lesson_examples import Lesson, LessonError
from workshop.servers.live_server import LiveServer

LOGIN = """\
```http
POST /api/token/ HTTP/1.1
Host: 127.0.0.1:8000
Content-Type: application/json

{"username": "ada", "password": "test"}
```
"""
PAIR = """
```http
HTTP/1.1 200 OK
Content-Type: application/json

{
  "refresh": "<refresh>",
  "access": "<access>"
}
```
"""
REFUSED = """\
```http
GET /user-orders/ HTTP/1.1
```

The server wants to know who asks:

```http
HTTP/1.1 401 Unauthorized
WWW-Authenticate: Bearer realm="api"

{"detail": "Authentication credentials were not provided."}
```
"""
FILE = """\
**`toy/settings.py`**

```python
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    ...
}
# ...
LAST = True
```
"""
CONSOLE = """\
```console
$ printf 'GET http://127.0.0.1:7777/ took 0.31 s\\nignored\\ndone\\n'
GET http://127.0.0.1:8000/ took 0.25 s
...
done
$ exit 0
```
"""
PYTHON = """\
```python
greeting = "hello"
```

Later:

```python
>>> print(greeting, "2026-01-05T09:00:00Z")
hello 2026-11-23T10:00:00Z
```
"""
UNCHECKED = """\
```text
anything at all
```

<!-- not tested: it only shows the idea -->

```bash
rm -rf nothing
```
"""


@pytest.fixture(scope="module")
def server():
    with LiveServer(paths.SERVER) as running:
        yield running


@pytest.fixture
def toy(tmp_path, server):
    """Try a lesson made of this text; gives the message of what is not so, or None."""
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy/settings.py").write_text(
        'SIMPLE_JWT = {\n    "ALGORITHM": "HS256",\n    "LEEWAY": 0,\n}\n\nLAST = True\n'
    )

    def attempt(text, **options):
        lesson = tmp_path / "07_toy.md"
        lesson.write_text(text)
        tried = Lesson(lesson, **{"clone": tmp_path, "server": server} | options)
        try:
            tried.try_up_to(len(tried.examples) - 1)
        except LessonError as error:
            return str(error)
        finally:
            tried.close()
        return None

    return attempt


EXCHANGES = [
    (
        REFUSED,
        "401 Unauthorized",
        "200 OK",
        8,
        "the server sent HTTP/1.1 401 Unauthorized, the lesson shows",
    ),
    (REFUSED, "401 Unauthorized", "401 Not Authorized", 8, "the lesson shows HTTP/1.1 401 Not Authorized"),
    (REFUSED, "provided.", "given.", 11, '+  "detail": "Authentication credentials were not provided."'),
    (REFUSED, '{"detail"', '{"code": 1, "detail"', 11, '-  "code": 1,'),
    (REFUSED, '"api"', '"shop"', 9, "header WWW-Authenticate: the server sent 'Bearer realm=\"api\"'"),
    (REFUSED, "WWW-Authenticate", "Retry-After", 9, "a header Retry-After, and the server sent none"),
    (REFUSED, "WWW-Authenticate:", "WWW-Authenticate", 9, "is no header"),
    (REFUSED, '{"detail"', "detail", 11, "the body shown is no JSON"),
    (REFUSED, "/user-orders/", "/lost/", 8, "the server sent HTTP/1.1 404 Not Found"),
    (
        REFUSED,
        "HTTP/1.1\n`",
        "HTTP/1.1\nCookie: <access>\n`",
        3,
        "nothing seen so far in this lesson is <access>",
    ),
    (REFUSED, "GET", "FETCH", 2, "this block is not tested: a http block that begins with 'FETCH"),
    (LOGIN, "", "", 2, "this request has no response"),
    (LOGIN + CONSOLE, "", "", 2, "this request has no response"),
    (PAIR, "", "", 3, "this block is not tested: a http block that begins with 'HTTP/1.1 200 OK'"),
    (LOGIN + PAIR, "<refresh>", "<access>", 13, "<access> is shown where a token of type 'refresh' came"),
    (LOGIN + PAIR, "<access>", "<id>", 13, '-  "access": "<id>"'),
    (LOGIN + PAIR, '"<access>"', "<access>", 13, "another body (they differ)"),
    ((LOGIN + PAIR) * 2, "<access>", "<access 1>", 30, "<access 1> was another value earlier"),
]
OTHERS = [
    (FILE, "toy/settings.py", "toy/lost.py", 4, "there is no file toy/lost.py"),
    (FILE, "toy/settings.py", "../07_toy.md", 4, "there is no file ../07_toy.md"),
    (FILE, "toy/", "work/", 4, "this text belongs to no step"),
    (FILE, "HS256", "ES256", 5, "toy/settings.py has no line"),
    (FILE, '    "ALG', '  "ALG', 5, "toy/settings.py has no line"),
    (FILE, "    ...\n", "", 6, "toy/settings.py has no line"),
    (FILE, "LAST = True", "SIMPLE_JWT = {", 9, "has no line 'SIMPLE_JWT = {' where"),
    (FILE, FILE[FILE.index("SIMPLE") : -4], "...\n", 4, "the block shows no line of toy/settings.py"),
    (CONSOLE, "done\n$", "failed\n$", 2, "printed something else"),
    (CONSOLE, "8000/", "8000/products/", 2, "printed something else"),
    (CONSOLE, "...\n", "", 2, "+ignored"),
    (CONSOLE, "exit 0", "exit 3", 6, "ended with exit code 3, and the lesson shows no error"),
    (CONSOLE, "$ printf", "printf", 2, "a console block begins with a command"),
    (CONSOLE, "exit 0", "echo $ACCESS", 6, "nothing seen so far in this lesson is <access>"),
    (PYTHON, "\nhello", "\ngoodbye", 8, "printed something else"),
    (PYTHON, '"hello"', "hello", 2, "the code raised NameError"),
    (PYTHON, '"hello"', '"hello', 2, "the code raised SyntaxError"),
    (PYTHON, "print(greeting", "print(grating", 8, "the code raised NameError"),
    (UNCHECKED, ": it only shows the idea", "", 5, "a block is left out only for a reason"),
    (
        UNCHECKED,
        "<!-- not tested: it only shows the idea -->",
        "",
        8,
        "this block is not tested: a bash block",
    ),
    (UNCHECKED, "text", "", 2, "this block is not tested: a block that names no language"),
    ("<!-- not tested: no block follows -->\n", "", "", 1, "directly before the block"),
    ("Text.\n\n- ```console\n  $ false\n  ```\n", "", "", 4, "ended with exit code 1"),
    ("Text.\n\n```console\n$ true\n", "", "", 3, "this fence is never closed"),
    ("<!-- server: access=short -->\n", "", "", 1, "write a server as"),
    ("\n<!-- user: nobody -->\n", "", "", 2, "the login of 'nobody' got 401 Unauthorized"),
    ("<!-- wait: access expired -->\n", "", "", 1, "nothing seen so far in this lesson is <access>"),
    ("<!-- restart: LEEWAY -->\n", "", "", 1, "replace settings as"),
    ("<!-- restart: LEEWAY=sum(1) -->\n", "", "", 1, "replace settings as"),
    ("<!-- wait: coffee ready -->\n", "", "", 1, "a lesson waits for `access expired`"),
    ("<!-- user: ada -->\n\n<!-- wait: refresh expired -->\n", "", "", 3, "a lesson waits 60 s at most"),
]


@pytest.mark.parametrize(("lesson", "old", "new", "line", "says"), EXCHANGES + OTHERS)
def test_what_is_not_so_is_reported(toy, lesson, old, new, line, says):
    assert old in lesson
    told = toy(lesson.replace(old, new))
    assert told.startswith(f"07_toy.md:{line}: ")
    assert says in told


def test_the_first_example_that_is_not_so_ends_the_lesson(toy):
    assert toy("```python\n1 / 0\n```\n```console\n$ touch reached\n```\n").startswith("07_toy.md:2: ")
    assert toy("```console\n$ ls reached 2>/dev/null || echo none\nnone\n```\n") is None


def test_no_token_is_reported(toy):
    told = toy(LOGIN + PAIR.replace("<access>", "a token"))
    assert "<access>" in told
    assert "eyJ" not in told


@pytest.mark.parametrize("lesson", [LOGIN + PAIR, REFUSED, FILE, CONSOLE, PYTHON, UNCHECKED, "No example.\n"])
def test_a_lesson_that_tells_the_truth_passes(toy, lesson):
    assert toy(lesson) is None


def test_dots_leave_out_the_rest_of_a_list_and_no_more(toy):
    exchange = "```http\nGET /products/\n```\n\n```http\nHTTP/1.1 200 OK\n\n{}\n```\n"
    assert toy(exchange.format("[...]")) is None
    assert toy(exchange.format("...")) is None
    assert toy(exchange.format("[]")).startswith("07_toy.md:8: the server sent another body (they differ).")
    assert '-    "id": 0' in toy(exchange.format('[{"id": 0}, ...]'))


def test_a_token_is_shown_by_placeholder_in_every_kind_of_block(toy):
    call = 'http://127.0.0.1:8000/api/token/ -H "Content-Type: application/json" -d \'{"refresh": "\'$REFRESH\'"}\''
    lesson = f"""
        <!-- user: ada -->

        ```http
        POST http://127.0.0.1:8000/api/token/refresh/
        Content-Type: application/json

        {{"refresh": "<refresh>"}}
        ```

        ```http
        HTTP/1.1 200 OK

        {{"access": "<access 1>"}}
        ```

        ```http
        POST /api/token/verify/
        Content-Type: application/json

        {{"token": "<access 1>"}}
        ```

        ```http
        HTTP/1.1 200 OK

        {{}}
        ```

        ```console
        $ curl -s \\
            {call.replace("/token/", "/token/refresh/")}
        {{"access":"<access>"}}
        ```

        ```python
        >>> import requests
        >>> BASE = "http://127.0.0.1:8000"
        >>> answer = requests.post(f"{{BASE}}/api/token/", json={{"username": "ada", "password": "test"}})
        >>> print(answer.url, answer.json()["access"])
        http://127.0.0.1:8000/api/token/ <access>
        ```
        """
    assert toy(textwrap.dedent(lesson)) is None


def test_a_token_is_waited_for_until_it_has_expired(toy):
    call = "```http\nGET /user-orders/\nAuthorization: Bearer <access>\n```\n\n```http\nHTTP/1.1 {}\n\n...\n```\n\n"
    lesson = "<!-- server: access=3 refresh=9 -->\n\n" + LOGIN + PAIR
    lesson += call.format("200 OK") + "<!-- wait: access expired -->\n\n" + call.format("401 Unauthorized")
    assert toy(lesson) is None


def test_a_command_inherits_no_setting_of_the_caller(toy, monkeypatch):
    for name in ("ACCESS", "MAKELEVEL", "JWT_ACCESS_SECONDS", "WORKSHOP_WORK"):
        monkeypatch.setenv(name, "callers")
    assert (
        toy("<!-- user: ada -->\n\n```console\n$ env | grep -c callers\n0\n$ env | grep ^ACC; echo\n```\n")
        is None
    )


def test_a_lesson_meets_the_answer_of_its_step(toy, tmp_path, monkeypatch):
    step = tmp_path / "solutions/07_toy"
    (step / "answer/client").mkdir(parents=True)
    (step / "answer/client/call.py").write_text("ANSWER = 42\n")
    edits = 'title = "Toy"\nminutes = 1\nedits = ["client/call.py"]\nhints = ["a", "b", "c"]\n'
    (step / "step.toml").write_text(edits)
    monkeypatch.setattr(paths, "SOLUTIONS", step.parent)
    shown = "**`work/client/call.py`**\n\n```python\nANSWER = 42\n```\n"
    assert toy(shown) is None
    assert toy(shown.replace("42", "41")).startswith("07_toy.md:4: work/client/call.py has no line")
    assert toy(REFUSED, server=None) is None


def test_work_in_python_code_is_the_tree_of_the_lessons_server(toy):
    code = """\
        ```python
        >>> from pathlib import Path
        >>> Path("work/.development_key").read_text().isspace()
        False
        >>> Path("work/manage.py").exists(), "network/"
        (True, 'network/')
        ```
        """
    assert toy(textwrap.dedent(code)) is None


def test_of_a_generated_text_only_the_file_blocks_are_tried(toy):
    assert toy(CONSOLE.replace("done", "failed") + FILE, files_only=True) is None
    assert toy(FILE.replace("HS256", "none"), files_only=True).startswith("07_toy.md:5: ")


def test_each_example_is_tried_once_and_in_order(tmp_path):
    text = tmp_path / "toy.md"
    text.write_text("".join(f"```console\n$ echo {number} >> tried\n```\n\n" for number in range(4)))
    lesson = Lesson(text, clone=tmp_path)
    for number in (1, 0, 3, 3):
        lesson.try_up_to(number)
    lesson.close()
    assert [example.line for example in lesson.examples] == [2, 6, 10, 14]
    assert (tmp_path / "tried").read_text().split() == ["0", "1", "2", "3"]
