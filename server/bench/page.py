"""What the Token Lab costs in a browser: how soon it is painted, and whether it stutters when it is full."""

from testkit import browsers

TOKENS, RESPONSES = 15, 2_000
WATCHED = 5  # seconds: the timeline is drawn twice in each
# A response as it came, again and again over the two minutes that the timeline shows.
FILL = """async (count) => {
    const { keep, wallet, changed } = await import("/lab/assets/wallet.js");
    const one = wallet.exchanges.at(-1);
    const tokens = wallet.tokens;
    const since = one.time - 110;
    const made = Array.from({ length: count }, (_, n) => ({ ...one, token: tokens[n % tokens.length], repeated: true, time: since + n * 110 / count }));
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
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def token_lab(server):
    """The page of a projector, with as many tokens and responses as a long lesson leaves behind."""
    with browsers.launched() as started:
        page = started.new_page(viewport={"width": 1280, "height": 720})
        page.goto(server.url)
        page.locator("#connection[data-state=open]").wait_for()
        paint = page.evaluate(PAINT)
        page.locator("[data-account=ada]").click()
        for number in range(1, TOKENS - 1):
            page.locator("#lives .access h3", has_text=str(number)).wait_for()
            page.locator("[data-do=refresh]").click()
        page.evaluate(FILL, RESPONSES)
        frames = page.evaluate(FRAMES, WATCHED)
        marks = page.locator("#lanes g.mark").count()
    name = f"{RESPONSES:,} responses and {TOKENS} tokens"
    return {
        "first paint, ms": paint,
        f"responses that are drawn, of {RESPONSES:,}": marks,
        f"longest frame with {name}, ms": max(frames),
        f"frames over 50 ms in {WATCHED} s": sum(frame > 50 for frame in frames),
    }
