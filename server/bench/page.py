"""What the Token Lab costs in a browser: how soon it is painted, and whether it stutters when it is full.

The browser's processor is not slowed down. A task is what keeps a page from drawing and from reacting. Its length in
processor time, from Chromium's own trace, is the same on a machine that does other things besides.
"""

import json
from concurrent.futures import ThreadPoolExecutor

import requests

from testkit import browsers

TOKENS, RESPONSES, RECORDS = 15, 2_000, 2_000
PROJECTOR = {"width": 1280, "height": 720}
WATCHED = 5  # seconds of each view, while the page calls every second: the timeline moves on twice in each
LIMIT = 50  # milliseconds
TASKS = "disabled-by-default-devtools.timeline"
# A response as it came, again and again over the two minutes that the timeline shows.
FILL = """async (count) => {
    const { keep, wallet, changed } = await import("/lab/assets/wallet.js");
    const one = wallet.exchanges.at(-1);
    const tokens = wallet.tokens;
    const since = one.time - 110;
    const made = Array.from({ length: count }, (_, n) => ({ ...one, token: tokens[n % tokens.length], repeated: true, id: String(n), time: since + n * 110 / count }));
    wallet.exchanges.length = 0;
    made.forEach(keep);
    changed();
}"""
FRAMES = """seconds => new Promise((resolve) => {
    const times = [];
    const end = performance.now() + seconds * 1000;
    const next = (now) => {
        times.push(now);
        if (now < end) requestAnimationFrame(next);
        else resolve(times.slice(1).map((time, index) => time - times[index]));
    };
    requestAnimationFrame(next);
})"""
# Besides the page itself. What is in the page needs no round trip of its own.
BLOCKING = "Number(performance.getEntriesByType('resource').some(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking'))"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def token_lab(server):
    """The page of a projector: loaded, and then with as much in it as a long lesson leaves behind."""
    with browsers.launched() as browser:
        figures = loaded(browser, server)
        page = full(browser, server)
        figures |= {
            f"responses that are drawn, of {RESPONSES:,}": page.locator("#lanes g.mark").count(),
        }
        for name, panel in {"the stage": None, "its history": "history", "the recorder": "recorder"}.items():
            if panel:
                page.evaluate("name => document.querySelector(`button[data-panel=${name}]`).click()", panel)
                page.locator(f"#{panel} td").first.wait_for()
            figures |= watched(browser, page, name)
    return figures


def loaded(browser, server):
    """What a browser loads that has never seen the page: its weight as it is sent, and what the first paint waits for."""
    context = browser.new_context(viewport=PROJECTOR)
    page = context.new_page()
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(server.url)
    page.locator("#connection[data-state=open]").wait_for()
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    figures = {
        "bytes of the page on the wire": sum(request.sizes()["responseBodySize"] for request in finished),
        "round trips before the first paint": 1 + page.evaluate(BLOCKING),
        "first paint, ms": page.evaluate(PAINT),
    }
    context.close()
    return figures


def full(browser, server):
    """The page with its tokens, responses and records, calling every second."""
    with ThreadPoolExecutor(4) as clients:
        list(clients.map(lambda _: requests.get(f"{server.url}/products/", timeout=30), range(RECORDS)))
    page = browser.new_page(viewport=PROJECTOR)
    page.goto(server.url)
    page.locator("#connection[data-state=open]").wait_for()
    page.locator("[data-account=ada]").click()
    for number in range(1, TOKENS - 1):
        page.locator("#lives .access h3", has_text=str(number)).wait_for()
        page.locator("[data-do=refresh]").click()
    page.evaluate(FILL, RESPONSES)
    page.locator("[data-do=auto]").click()
    page.evaluate(FRAMES, 1)
    return page


def watched(browser, page, name):
    """The longest frame and the longest task of this view."""
    browser.start_tracing(page=page, categories=[TASKS, "toplevel", "__metadata"])
    frames = page.evaluate(FRAMES, WATCHED)
    tasks = processor_times(json.loads(browser.stop_tracing())["traceEvents"])
    return {
        f"longest frame, {name}, ms": max(frames),
        f"frames over {LIMIT} ms, {name}, in {WATCHED} s": sum(frame > LIMIT for frame in frames),
        f"longest task, {name}, ms of processor": max(tasks),
    }


def processor_times(events):
    """The tasks of the page's main thread, in milliseconds of processor time."""
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "RunTask" and "tdur" in event and (event["pid"], event["tid"]) in main
    ]
