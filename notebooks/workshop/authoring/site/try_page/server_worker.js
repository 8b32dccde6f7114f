/** The server: Python and Django in a worker of the tab. Requests come over the tab's channel, from the service worker. */

import { loadPyodide } from "./pyodide/pyodide.mjs";

addEventListener("message", ({ data }) => start(data).catch((error) => postMessage({ error: sentence(error) })), { once: true });

async function start({ tab, lifetimes }) {
  const [python, archive] = await Promise.all([loadPyodide({ env: environment(lifetimes) }), load("server.zip")]);
  postMessage({ stage: "packages" });
  python.unpackArchive(archive, "zip", { extractDir: "/shop" });
  postMessage({ stage: "django" });
  python.runPython("import sys; sys.path[:0] = ['/shop/server', '/shop/packages']");
  const listener = python.pyimport("tab.server").start();
  const exchange = python.pyimport("tab.exchange");
  listen(tab, (request) => answer(python, exchange, listener, request));
  postMessage({ stage: "ready" });
}

const environment = (lifetimes) => ({ DATABASE_URL: "sqlite:////shop/db.sqlite3", HOME: "/tmp", ...lifetimes });

async function load(file) {
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file} could not be loaded: ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

function listen(tab, respond) {
  const channel = new BroadcastChannel(tab);
  channel.addEventListener("message", ({ data }) => data.request && channel.postMessage({ response: data.request, ...respond(data) }));
}

function answer(python, exchange, listener, { method, target, headers, body }) {
  const given = [python.toPy(headers), python.toPy(new Uint8Array(body))];
  const response = exchange.answer(listener.respond, method, target, ...given);
  const [status, statusText, pairs, bytes] = response.toJs();
  for (const proxy of [...given, response]) proxy.destroy();
  return { status, statusText, headers: pairs, body: bytes };
}

/** The last line of a Python traceback is the sentence. */
const sentence = (error) => String(error.message ?? error).trim().split("\n").at(-1);
