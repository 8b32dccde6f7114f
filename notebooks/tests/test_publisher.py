"""An address of public keys really does what its faults say."""

import pytest
import requests

from workshop.servers.publisher import Publisher

KEYS = [{"kty": "OKP", "kid": "one"}]


@pytest.fixture
def publisher():
    with Publisher(KEYS) as running:
        yield running


def get(publisher, timeout=5.0):
    return requests.get(publisher.url, timeout=timeout)


def test_nobody_listens_while_it_is_down(publisher):
    publisher.fail("down")
    with pytest.raises(requests.ConnectionError, match="refused"):
        get(publisher)
    publisher.publish(KEYS)
    assert get(publisher).json() == {"keys": KEYS}


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [("error", 500, "Error"), ("empty", 200, "[]"), ("deep", 200, "[[["), ("HTML", 200, "<title>")],
)
def test_a_fault_is_what_it_says(publisher, fault, status, text):
    publisher.fail(fault)
    response = get(publisher)
    assert (response.status_code, text in response.text) == (status, True)


def test_a_slow_response_does_not_come_and_ends_with_the_fault(publisher):
    publisher.fail("slow")
    with pytest.raises(requests.ReadTimeout):
        get(publisher, timeout=0.3)
    publisher.publish(KEYS)
    assert get(publisher).ok


def test_requests_are_counted(publisher):
    for _ in range(3):
        get(publisher)
    assert publisher.asked == 3


def test_it_is_gone_after_its_block():
    with Publisher(KEYS) as publisher:
        publisher.fail("down")
    with pytest.raises(requests.ConnectionError, match="refused"):
        get(publisher)
