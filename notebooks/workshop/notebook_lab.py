"""In a browser's tab: the Token Lab of the notebook's own server, folded up under the first cell."""

from functools import cache

from IPython.display import HTML, display

from .notebook_session import SESSION
from .servers.in_process import SERVERS

SHOWN = """\
<details><summary>The Token Lab of this server: open it here, or <a href="{address}" target="_blank">beside this page</a></summary>
<iframe title="Token Lab" loading="lazy" src="{address}" style="width: 100%; height: 44rem; border: 0"></iframe></details>"""
NO_SERVER = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nThe notebook's server does not run. Run the notebook's first code cell: it starts one."


def show() -> None:
    """The page and the notebook's cells ask the same server: both are in its flight recorder."""
    from tab.channel import page  # a tab alone has it

    display(HTML(SHOWN.format(address=page(channel()))))


@cache
def channel() -> str:
    """The channel on which the page asks; one for each kernel, whichever server its notebook has by then."""
    from tab.channel import opened

    return opened(respond)


def respond(request: bytes) -> bytes:
    server = SERVERS.get(SESSION.server.port)
    return server.respond(request) if server else NO_SERVER
