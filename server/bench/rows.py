"""What is measured. A row is a function: it takes a running server, or the name of an algorithm, and gives named numbers."""

import json
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from bench.client import Client
from bench.students import PASSWORD, username

CALLS = 5  # of each student, before and after the refresh


def kept_connection(server, count=60):
    with Client(server.url) as client:
        client.get("/products/")  # opens the connection
        times = [seconds(partial(client.get, "/products/")) for _ in range(count)]
    return {"GET on a kept connection, ms": median(times) * 1000}


def connection_errors(server, students=60):
    errors = sum(isinstance(error, OSError) for error in at_once(partial(log_in, server.url), students))
    return {f"connections reset when {students} log in at once": errors}


def logins(server, clients=4, count=12):
    with ThreadPoolExecutor(clients) as pool:
        taken = seconds(lambda: list(pool.map(partial(log_in, server.url), range(count))))
    return {"logins/s": count / taken}


def protected_calls(server):
    return {
        "protected GET/s": rate(server.url, lambda client, pair: client.get("/user-orders/", pair["access"]))
    }


def refreshes(server):
    return {"refresh/s": rate(server.url, lambda client, pair: client.post("/api/token/refresh/", pair))}


def refused_logins(server, count=5):
    def refused(name, number):
        with Client(server.url) as client:
            status, _ = client.post("/api/token/", {"username": name(number), "password": "wrong"})
        if status != 401:
            raise SystemExit(f"A wrong login was answered with {status}, and 401 was wanted. Try: make test")

    numbers = range(count)
    wrong = median(seconds(partial(refused, username, number)) for number in numbers)
    unknown = median(
        seconds(partial(refused, lambda number: f"nobody{number}", number)) for number in numbers
    )
    return {
        "refused login, ms": wrong * 1000,
        "refused login, unknown user : wrong password": unknown / wrong,
    }


def class_of(students, server):
    """Everybody logs in at the same moment, makes some calls, refreshes, and makes some more."""
    began = time.perf_counter()
    errors = at_once(partial(attend, server.url), students)
    taken = time.perf_counter() - began
    return {f"class of {students}, s": taken, f"class of {students}, errors": sum(map(bool, errors))}


def class_of_100(server):
    return class_of(100, server)


def class_of_200(server):
    return class_of(200, server)


def signatures(algorithm, count=300):
    """One token of the shop's size, signed and verified many times in this process."""
    private, public = KEYS[algorithm]()
    claims = {
        "token_type": "access",
        "exp": int(time.time()) + 300,
        "iat": 0,
        "jti": "j" * 32,
        "user_id": "2",
    }
    token = jwt.encode(claims, private, algorithm)

    def sign():
        jwt.encode(claims, private, algorithm)

    def verify():
        jwt.decode(token, public, [algorithm])

    return {
        "sign, µs": median(seconds(sign) for _ in range(count)) * 1e6,
        "verify, µs": median(seconds(verify) for _ in range(count)) * 1e6,
        "token, characters": len(token),
    }


def secret():
    key = secrets.token_bytes(64)
    return key, key


def pair(private):
    return private, private.public_key()


KEYS = {
    "HS256": secret,
    "EdDSA": lambda: pair(ed25519.Ed25519PrivateKey.generate()),
    "ES256": lambda: pair(ec.generate_private_key(ec.SECP256R1())),
    "RS256": lambda: pair(rsa.generate_private_key(65_537, 2048)),
}

RUNSERVER = (kept_connection, connection_errors, logins, protected_calls, refreshes, refused_logins)
CLASS = (class_of_100, class_of_200, logins, protected_calls, refreshes)
CHAIN = (kept_connection, class_of_100, logins, protected_calls, refreshes)
RECORDER = (kept_connection, protected_calls)


def log_in(url, number):
    """The token pair of a student."""
    with Client(url) as client:
        return answered(client.post("/api/token/", {"username": username(number), "password": PASSWORD}))


def attend(url, number):
    with Client(url) as client:
        pair = answered(client.post("/api/token/", {"username": username(number), "password": PASSWORD}))
        for _ in range(CALLS):
            answered(client.get("/user-orders/", pair["access"]))
        pair |= answered(client.post("/api/token/refresh/", {"refresh": pair["refresh"]}))
        for _ in range(CALLS):
            answered(client.get("/user-orders/", pair["access"]))


def answered(response):
    status, body = response
    if status != 200:
        raise ValueError(f"answered with {status}")
    return json.loads(body)


def at_once(action, count):
    """The error of each of so many calls that begin at the same moment; None where there was none."""
    gate, errors = threading.Barrier(count), [None] * count

    def run(number):
        gate.wait()
        try:
            action(number)
        except (OSError, ValueError) as error:  # it ends this visit and is counted; nothing is tried again
            errors[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def rate(url, send, clients=8, length=1):
    """How many requests a second the server answers to clients that are logged in and do nothing else."""
    counts, gate = [0] * clients, threading.Barrier(clients)

    def repeat(number):
        pair = log_in(url, number)
        with Client(url) as client:
            gate.wait()
            end = time.perf_counter() + length
            while time.perf_counter() < end:
                answered(send(client, pair))
                counts[number] += 1

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(repeat, range(clients)))
    return sum(counts) / length


def seconds(action):
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
