"""A small step, sound as it is, whose parts can be replaced one by one."""

import json
from pathlib import Path
from typing import Any

from workshop.learner import manifest

TOY = {
    "start": 'def double(n):\n    """Twice n."""\n    raise NotImplementedError("step 00: twice n")\n',
    "answer": "def double(n):\n    return 2 * n\n",
    "adds_two": "def double(n):\n    return n + 2\n",
    "checks": """\
from workshop.expect import expect


def test_two(learner):
    expect(learner("client/toy.py").double(2), 4, sent="2", means="Twice two.", see="00, section 1")


def test_three(learner):
    expect(learner("client/toy.py").double(3), 6, sent="3", means="Twice, not two more.", see="00, section 1")
""",
    "caught_by": ["test_three"],
    "says": "Twice, not two more",
    "guards": [],
    "promise": {"says": "Twice n.", "check": "test_three"},
    "right": {
        "adds": "def double(n):\n    return n + n\n",
        "shifts": "def double(n):\n    return n << 1\n",
        "sums": "def double(n):\n    return sum([n, n])\n",
        "lambda": "double = lambda n: n * 2\n",
    },
}

# One check of the learner's file, one of the server.
TWO_CHECKS = """\
import requests

from workshop.expect import answer, expect


def test_double(learner):
    expect(learner("client/toy.py").double(3), 6, sent="3", means="Twice three.", see="00, section 1")


def test_login(url):
    response = requests.post(f"{url}/api/token/", json={"username": "ada", "password": "test"}, timeout=5)
    response.json()
    expect(answer(response), (200, None), sent="a login", means="It is open.", see="00, section 2")
"""


def written(folder: Path, parts: dict[str, Any]) -> manifest.Step:
    """The step of these parts, written into the folder."""
    for layer in ("start", "answer", "wrong/adds_two"):
        file = folder / layer / "client/toy.py"
        file.parent.mkdir(parents=True)
        file.write_text(parts[Path(layer).name])
    for name, text in parts["right"].items():
        file = folder / f"right/{name}/client/toy.py"
        file.parent.mkdir(parents=True)
        file.write_text(text)
    listed = {name: json.dumps(parts[name]) for name in ("caught_by", "guards", "says")}
    promise = {name: json.dumps(value) for name, value in parts["promise"].items()}
    (folder / "step.toml").write_text(
        'title = "Toy"\nminutes = 1\nedits = ["client/toy.py"]\nhints = ["a", "b", "c"]\n'
        f"guards = {listed['guards']}\n"
        '[[wrong]]\nname = "adds_two"\nbelief = "Double means two more."\nwhy = "No."\n'
        f"caught_by = {listed['caught_by']}\nsays = {listed['says']}\n"
        f"[[promise]]\nsays = {promise['says']}\ncheck = {promise['check']}\n"
        + "".join(f'[[right]]\nname = "{name}"\nstyle = "It is short."\n' for name in parts["right"])
    )
    (folder / "checks.py").write_text(parts["checks"])
    for name in ("README.md", "notebook.ipynb"):
        (folder / name).write_text("")
    return manifest.read(folder)
