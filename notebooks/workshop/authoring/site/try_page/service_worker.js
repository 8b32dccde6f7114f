/** Brings the requests of a Token Lab page to the server in the same tab. What belongs to no tab goes to the network. */

const LIMIT = 15_000; // milliseconds
const PLACE = new RegExp(`^${new URL(registration.scope).pathname}([0-9a-f-]{36})/`);
const ENDED = "The server of this page ended with its tab. Open Try it now again. If it is a notebook's server, a cell of the notebook may still run: wait for it, and load this page again.";
const NO_BODY = [101, 204, 205, 304];

addEventListener("install", () => skipWaiting());
addEventListener("fetch", (event) => event.respondWith(respond(event)));

async function respond({ request, clientId }) {
  const url = new URL(request.url);
  const tab = tabOf(url) ?? tabOf(new URL((await clients.get(clientId))?.url ?? location.href));
  if (!tab || url.origin !== location.origin) return fetch(request);
  try {
    return response(await ask(tab, await described(request, url)));
  } catch {
    return new Response(ENDED, { status: 503 });
  }
}

const tabOf = (url) => PLACE.exec(url.pathname)?.[1];

/** The request as the server gets it: without this page's place in front of its path, and with the headers no script sees. */
async function described(request, url) {
  const path = url.pathname.replace(PLACE, "/");
  const headers = [...request.headers].filter(([name]) => !["accept-encoding", "content-length", "host"].includes(name));
  const added = [["Host", "127.0.0.1:8000"], ["User-Agent", navigator.userAgent]];
  return { method: request.method, target: path + url.search, headers: [...headers, ...added], body: await request.arrayBuffer() };
}

/** What the worker of that tab says to the question; an error when it says nothing in time. */
function ask(tab, question) {
  return new Promise((resolve, reject) => {
    const channel = new BroadcastChannel(tab);
    const number = crypto.randomUUID();
    const end = (settle, value) => {
      clearTimeout(limit);
      channel.close();
      settle(value);
    };
    const limit = setTimeout(() => end(reject, new Error("no answer")), LIMIT);
    channel.onmessage = ({ data }) => data.response === number && end(resolve, data);
    channel.postMessage({ request: number, ...question });
  });
}

function response({ status, statusText, headers, body }) {
  return new Response(NO_BODY.includes(status) ? null : body, { status, statusText, headers: headers.map(framed) });
}

/** The page forbids every frame. Here it lies in one, of this same address, and only this worker can say so. */
function framed([name, value]) {
  return [name, name === "Content-Security-Policy" ? value.replace("frame-ancestors 'none'", "frame-ancestors 'self'") : value];
}
