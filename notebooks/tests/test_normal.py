"""What changes from run to run is taken out of outputs, and nothing else."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from workshop.authoring.normal import Normal, dumped

TOKEN = "ey" + "JhbGciOiJIUzI1NiJ9.{}.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (f"{TOKEN.format('a')} {TOKEN.format('b')} {TOKEN.format('a')}", "<token 1> <token 2> <token 1>"),
        ("127.0.0.1:40123 127.0.0.1:50001 127.0.0.1:40123", "127.0.0.1:8000 127.0.0.1:8001 127.0.0.1:8000"),
        (f"{'ab' * 16} {'cd' * 16} {'ab' * 16}", "<id 1> <id 2> <id 1>"),
        ("6f1b8b1e-1111-4222-8333-123456789abc", "<id 1>"),
        ("1763884800 1763884801 1763884800", "<time 1> <time 2> <time 1>"),
        ("2026-11-23 08:00:00 2026-11-23T08:00:00.123Z", "<time 1> <time 2>"),
        ("Mon, 23 Nov 2026 08:00:00 GMT", "<time 1>"),
        ("work/.history/20261123-080000-00_a/", "work/.history/<time 1>-00_a/"),
        ("(in 299 s) (3 s ago) 1.25 s", "(in <seconds> s) (<seconds> s ago) <seconds> s"),
        ("WSGIServer/0.2 CPython/3.11.7", "WSGIServer/0.2 CPython/<version>"),
        ("<object at 0x7f12f4cef710>", "<object at 0x…>"),
        ("\x1b[1;31mred\x1b[0m", "red"),
    ],
)
def test_what_changes_gets_a_number(text, normal):
    assert Normal().text(text) == normal


@pytest.mark.parametrize(
    "text", ["200 OK", "exp 300", "12 products", "1234567890123", "port 8000", "5 s", "a.b.c"]
)
def test_what_does_not_change_stays(text):
    assert Normal().text(text) == text


def test_a_token_keeps_its_number_in_the_whole_document_and_a_time_only_in_its_output():
    normal = Normal()
    first = normal.output({"text": f"{TOKEN.format('a')} 1763884800 1763884801"})
    second = normal.output({"text": f"{TOKEN.format('b')} {TOKEN.format('a')} 1763884801"})
    assert first["text"] == "<token 1> <time 1> <time 2>"
    assert second["text"] == "<token 2> <token 1> <time 1>"


def test_a_number_in_html_is_no_element():
    output = Normal().output({"data": {"text/html": f"<td>{TOKEN.format('a')}</td><b>1763884800</b>"}})
    assert output["data"]["text/html"] == "<td>&lt;token 1&gt;</td><b>&lt;time 1&gt;</b>"


def test_two_runs_give_the_same_bytes():
    def run(token, port):
        output = new_output("stream", text=f"{TOKEN.format(token)} at http://127.0.0.1:{port}/")
        notebook = new_notebook(
            cells=[new_code_cell("x", id="a", outputs=[output])],
            metadata={"language_info": {"name": "python", "version": port}},
        )
        return dumped(notebook)

    assert run("a", "40000") == run("b", "50000")
    assert (
        nbformat.reads(run("a", "1"), as_version=4).cells[0].outputs[0]["text"]
        == "<token 1> at http://127.0.0.1:8000/"
    )
