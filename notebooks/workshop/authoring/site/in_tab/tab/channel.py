"""The way from the Token Lab's page to a server of a notebook's kernel: the browser's channel of that name."""

import uuid

from js import BroadcastChannel, Object, location
from pyodide.ffi import create_proxy, to_js

from tab.exchange import answer

PARTS = ("status", "statusText", "headers", "body")


def site():
    """The whole address of the site around this tab, without a slash at the end."""
    return location.href.partition("/lab/extensions/")[0]


def page(channel):
    """The whole address of the Token Lab that asks on this channel. (Jupyter takes another one for the name of a file.)"""
    return f"{site()}/try/?notebook={channel}"


def opened(respond):
    """The name of a channel on which `respond` is asked whenever the kernel runs no cell, from now on."""
    name = str(uuid.uuid4())
    channel = BroadcastChannel.new(name)

    def heard(event):
        asked = event.data
        if hasattr(asked, "request"):
            given = answer(respond, asked.method, asked.target, asked.headers.to_py(), asked.body.to_bytes())
            told = {"response": asked.request} | dict(zip(PARTS, given, strict=True))
            channel.postMessage(to_js(told, dict_converter=Object.fromEntries))

    channel.onmessage = create_proxy(heard)
    return name
