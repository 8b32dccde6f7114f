/** The server: Python and Django in a worker of the tab. Requests come over the tab's channel, from the service worker. */

import { keep, kept, named, restoring } from "./memory.js";
import { loadPyodide } from "./pyodide/pyodide.mjs";

addEventListener("message", ({ data }) => start(data).catch((error) => postMessage({ error: sentence(error) })), { once: true });

async function start({ tab, lifetimes }) {
  const archive = await load("server.zip");
  const name = await named(archive, lifetimes);
  const server = (await again(name, archive).catch(() => null)) ?? (await anew(name, archive, lifetimes));
  listen(tab, (request) => answer(server, request));
  postMessage({ stage: "ready" });
}

/** The server as an earlier visit kept it, before its first request; nothing, when none was kept. */
async function again(name, archive) {
  const memory = await kept(name);
  return memory && served(await loadPyodide(restoring(memory)), archive);
}

async function anew(name, archive, lifetimes) {
  const python = await loadPyodide({ env: environment(lifetimes), _makeSnapshot: true });
  python.runPython("import sys; sys.path[:0] = ['/shop/server', '/shop/packages']");
  const server = served(python, archive);
  keep(name, python).catch(() => {}); // a browser that keeps nothing starts the server on each visit
  return server;
}

/** The files are no part of a memory: they come from the archive each time. */
function served(python, archive) {
  postMessage({ stage: "packages" });
  python.unpackArchive(archive, "zip", { extractDir: "/shop" });
  postMessage({ stage: "django" });
  return { python, listener: python.pyimport("tab.server").start(), exchange: python.pyimport("tab.exchange") };
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

function answer({ python, listener, exchange }, { method, target, headers, body }) {
  const given = [python.toPy(headers), python.toPy(new Uint8Array(body))];
  const response = exchange.answer(listener.respond, method, target, ...given);
  const [status, statusText, pairs, bytes] = response.toJs();
  for (const proxy of [...given, response]) proxy.destroy();
  return { status, statusText, headers: pairs, body: bytes };
}

/** The last line of a Python traceback is the sentence. */
const sentence = (error) => String(error.message ?? error).trim().split("\n").at(-1);
