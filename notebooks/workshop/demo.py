"""The story of a token pair, told by a real server: every line is what it really sent."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import requests
from rich.console import Console

from . import attacks, claims, paths
from .display.race import Race
from .display.timeline import Timeline
from .display.waiting import in_terminal
from .errors import WorkshopError
from .expect import answer
from .learner import manifest, tree
from .servers.live_server import LiveServer
from .servers.vulnerable import vulnerable

ACCESS, REFRESH = 4.0, 8.0  # seconds: long enough to watch, short enough to wait for
ACCOUNT = {"username": "ada", "password": "test"}
REMEDY = "Run make doctor; then compare server/ with git diff server."
EXPIRED = (401, "Token is expired")
TOO_SHORT = (
    "It died on its way: this machine needs longer lifetimes, for example make demo ACCESS=10 REFRESH=20."
)
GRACE = 1.0  # seconds: the families of this story forgive a second use for so long
ENOUGH = 1.0  # seconds a token must still live for an act that needs it
# Two serializers that the shop of one act has besides: the lecture's, and one that writes a claim.
SERIALIZERS = Path(__file__).with_name("demo_shop")
FAMILIES, KEYRING = "08_reuse_detection", "11_signing_keys"
ADMIN = {"claim": "user_id", "admin": 1}
FORGED = {
    200: "This server is vulnerable on purpose. Ada wrote: I am user 1, alg None.",
    401: "The shop knows one algorithm, and it is not the sender who chooses it.",
}
LECTURE, CLAIM = "drf_course.name_serializers.NameInTheResponse", "drf_course.name_serializers.NameInTheToken"


class Story:
    """Calls the server, prints each exchange, and stops when one is not what the story says."""

    def __init__(self, server: LiveServer, console: Console, variants: "Variants | None" = None):
        self.server, self.console, self.variants = server, console, variants
        self.session = requests.Session()
        self.timeline = Timeline()
        self.access = self.refresh = ""
        self.count = 0

    def at(self, server: LiveServer) -> "Story":
        """The same told at another server, once that has started."""
        return Story(server.wait(), self.console)

    def call(
        self, method: str, path: str, wanted: tuple[int, str | None], show: Callable, **request
    ) -> requests.Response:
        """Send a request, print the real response, and refuse to go on when it is not the `(status, reason)` of the story."""
        try:
            response = self.session.request(method, f"{self.server.url}{path}", timeout=10, **request)
        except requests.RequestException as error:
            raise WorkshopError(
                f"{method} {path} got no answer ({type(error).__name__}). {REMEDY}"
            ) from error
        self.timeline.answer(response.status_code)
        got = answer(response)
        told = (got[1] or "").partition(":")[0] or (show(response.json()) if response.ok else "")
        self.console.print(
            f"   {method:<4} {path:<20} {response.status_code} {response.reason:<13} {told}", highlight=False
        )
        if got != wanted:
            remedy = TOO_SHORT if got == EXPIRED else REMEDY
            raise WorkshopError(
                f"The story says {wanted[0]} ({wanted[1] or 'no refusal'}) here, and the server answered "
                f"{got[0]} ({got[1] or 'no reason given'}). {remedy}"
            )
        return response

    def present(
        self, token: str, wanted: tuple[int, str | None] = (200, None), path: str = "/user-orders/"
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.call("GET", path, wanted, lambda body: f"{len(body)} orders", headers=headers)

    def obtain(self) -> None:
        body = self.call(
            "POST", "/api/token/", (200, None), lambda body: " + ".join(body), json=ACCOUNT
        ).json()
        self.access, self.refresh = body["access"], body["refresh"]
        self.count += 1
        self.timeline.token(f"access {self.count}", self.access)
        self.timeline.token(f"refresh {self.count}", self.refresh)

    def log_in(self) -> str:
        """The refresh token of a login that is not shown."""
        response = self.session.post(f"{self.server.url}/api/token/", json=ACCOUNT, timeout=10)
        return response.json()["refresh"]

    def send_refresh(self, token: str) -> requests.Response:
        """A refresh that is not shown: one of many."""
        return requests.post(f"{self.server.url}/api/token/refresh/", json={"refresh": token}, timeout=10)

    def renew(self, token: str, wanted: tuple[int, str | None] = (200, None)) -> requests.Response:
        return self.call("POST", "/api/token/refresh/", wanted, " + ".join, json={"refresh": token})

    def need(self, token: str) -> None:
        """Log in again when the token an act is about died while people talked."""
        if claims.expiry(token) - time.time() < ENOUGH:
            self.say("(It died while we talked, so we log in again first.)")
            self.obtain()

    def wait_for_death_of(self, token: str, name: str) -> None:
        in_terminal(name, claims.expiry(token), self.console)

    def decode(self, token: str, *, has_name: bool) -> None:
        """Print the names of a token's claims, and refuse to go on when `username` is not where the story says."""
        names = list(claims.parts(token)[1])
        self.console.print(f"   {'its access token, decoded':<25} {', '.join(names)}", highlight=False)
        if ("username" in names) != has_name:
            told = "a claim username" if has_name else "no claim username"
            raise WorkshopError(f"The story says {told} here. {REMEDY}")

    def say(self, sentence: str) -> None:
        self.console.print(f"   {sentence}", style="italic", highlight=False)


def obtain_a_pair(story: Story) -> None:
    story.obtain()
    story.say("One login, two tokens: one to show, and one that gets the next one.")


def present_the_access_token(story: Story) -> None:
    story.need(story.access)
    story.present(story.access)
    story.say("It travels in the header Authorization, after the word Bearer.")


def wait_until_it_dies(story: Story) -> None:
    for server in (story.variants.lecture, story.variants.claim):
        server.launch()  # ready long before the act that needs it
    story.wait_for_death_of(story.access, "access token")
    story.present(story.access, EXPIRED)
    story.say("Nothing was revoked. The token says when it ends (exp), and now is later.")


def refresh_it(story: Story) -> None:
    story.need(story.refresh)
    story.access = story.renew(story.refresh).json()["access"]
    story.timeline.token(f"access {story.count}b", story.access)
    story.present(story.access)
    story.say("A new access token, and nobody typed a password.")


def confuse_the_two(story: Story) -> None:
    story.need(min(story.access, story.refresh, key=claims.expiry))
    story.present(story.refresh, (401, "Token has wrong type"))
    story.renew(story.access, (401, "Token has wrong type"))
    story.say("Neither can play the other: the claim token_type says which it is.")


def put_a_name_into_the_token(story: Story) -> None:
    """Two more servers: the lecture's serializer, which writes into the response, and one that writes a claim."""
    lecture, ours = map(story.at, (story.variants.lecture, story.variants.claim))
    lecture.obtain()
    lecture.decode(lecture.access, has_name=False)
    story.say("validate() wrote the name into the response. It is in no token.")
    ours.obtain()
    ours.decode(ours.access, has_name=True)
    story.say("get_token() wrote it into the token: a claim, signed and sent along.")


def wait_until_the_refresh_token_dies(story: Story) -> None:
    for server in (story.variants.families, story.variants.hole, story.variants.keyring):
        server.launch()
    story.wait_for_death_of(story.refresh, "refresh token")
    story.renew(story.refresh, EXPIRED)
    story.say("The refresh token dies too. Now only the password helps.")


def log_in_again(story: Story) -> None:
    story.obtain()
    story.present(story.access)


def catch_a_thief(story: Story) -> None:
    """The shop with the answer of step 08, where every login is a family of refresh tokens."""
    shop = story.at(story.variants.families)
    shop.obtain()
    shop.say("A thief has copied this refresh token, and uses it first.")
    thiefs = shop.renew(shop.refresh).json()["refresh"]
    time.sleep(GRACE + 0.1)
    shop.say("Then ada sends hers. The server sees one token in two hands.")
    shop.renew(shop.refresh, (401, "Token was used before: its family is revoked"))
    shop.say("Now the thief sends the newest token of this login.")
    shop.renew(thiefs, (401, "Token family is revoked"))
    race = Race(rounds=1).run(shop.log_in, shop.send_refresh)
    story.console.print(
        f"   {race.parallel} at once with one refresh token: {race.accepted[0]} accepted, {race.refused()}"
    )
    if race.accepted != [1]:
        raise WorkshopError(f"The story says that one is accepted here. {REMEDY}")


def forge_an_admins_token(story: Story) -> None:
    """A server with one hole, and the shop with the token families: the same attack on both."""
    hole, shop = map(story.at, (story.variants.hole, story.variants.families))
    for place, wanted in ((hole, (200, None)), (shop, (401, "Token is invalid"))):
        place.obtain()
        forged = attacks.unsigned(attacks.edited(place.access, ADMIN), alg="None")
        place.present(forged, wanted, "/orders/")
        place.say(FORGED[wanted[0]])


def change_the_signing_key(story: Story) -> None:
    """The shop with the answer of step 11, restarted for each stage of a rotation: its ports and its sessions stay."""
    shop = story.at(story.variants.keyring)

    def restart(keys: str) -> None:
        shop.server.environment["JWT_KEYRING"] = keys
        shop.server.restart()

    shop.obtain()
    old = shop.access
    shop.say("A private key signed these. A second key is published, then it signs.")
    restart("first,second")
    restart("second,first")
    shop.present(old)
    shop.access = shop.renew(shop.refresh).json()["access"]
    shop.say("Its tokens are signed by the second key now, and the first is removed.")
    restart("second")
    shop.present(shop.access)
    shop.present(old, (401, "Token is invalid"))
    shop.say("The session lives on, and the first key is of no use to anybody.")


ACTS = {
    "Obtain a token pair": obtain_a_pair,
    "Present the access token": present_the_access_token,
    "Wait until the access token dies": wait_until_it_dies,
    "Refresh it": refresh_it,
    "Use each token as the other": confuse_the_two,
    "Put a name into the token": put_a_name_into_the_token,
    "Wait until the refresh token dies": wait_until_the_refresh_token_dies,
    "Log in again": log_in_again,
    "Catch a thief": catch_a_thief,
    "Forge an admin's token": forge_an_admins_token,
    "Change the signing key": change_the_signing_key,
}


def tell(*, pause: bool, access: float = ACCESS, refresh: float = REFRESH) -> None:
    """Tell all acts. Raises `WorkshopError` at the first response that is not what the story says."""
    console = Console(highlight=False)
    with LiveServer(paths.SERVER, access=access, refresh=refresh) as server, variants() as others:
        console.print(f"A real server answers at {server.url}. Here an access token lives", end=" ")
        console.print(f"{access:g} s,\na refresh token {refresh:g} s. The account is {ACCOUNT['username']}.")
        story = Story(server, console, others)
        for number, (title, act) in enumerate(ACTS.items(), start=1):
            if pause and number > 1:
                wait_for_enter()
            console.print(f"\n[bold]{number}  {title}[/bold]")
            act(story)
    console.print("\n[bold]What happened[/bold]\n")
    console.print(story.timeline.text(), highlight=False, markup=False)
    console.print("\nEvery line above is what a server really sent. Now try it yourself: make lab")
    console.print("Or see it in a browser: make serve, then http://127.0.0.1:8000/")


class Variants(NamedTuple):
    """The shops of single acts: with the lecture's serializer, one that writes a claim, token families, a hole, a keyring."""

    lecture: LiveServer
    claim: LiveServer
    families: LiveServer
    hole: LiveServer
    keyring: LiveServer


@contextmanager
def variants() -> Iterator[Variants]:
    """They are not started yet: that happens while the story waits for a token to die."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="workshop-")))
        shop = tree.lay(SERIALIZERS, tree.shop(folder / "shop"))
        families = tree.answer(folder / "families", manifest.find(FAMILIES))
        keyring = tree.answer(folder / "keyring", manifest.find(KEYRING))
        grace = {"TOKEN_FAMILY_GRACE_SECONDS": str(GRACE)}
        servers = Variants(
            lecture=LiveServer(shop, simple_jwt={"TOKEN_OBTAIN_SERIALIZER": LECTURE}),
            claim=LiveServer(shop, simple_jwt={"TOKEN_OBTAIN_SERIALIZER": CLAIM}),
            families=LiveServer(families, access=60, refresh=600, environment=grace),
            hole=vulnerable("alg_none", families),
            keyring=LiveServer(keyring, access=60, refresh=600),
        )
        for server in servers:
            stack.callback(server.stop)
        yield servers


def wait_for_enter() -> None:
    """Return at Enter, or at once where nobody can press it: at the end of input, or without any."""
    try:
        input("\n   Enter goes on ")
    except (EOFError, RuntimeError):  # RuntimeError: standard input is closed
        print()
