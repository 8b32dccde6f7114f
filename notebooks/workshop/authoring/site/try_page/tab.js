/** The frame around the Token Lab: starts the server in a worker, then shows the page that this server gives.
 *
 *  The address may name a notebook in this browser, ?notebook=<channel>: then its server is the one that is shown.
 */

const STAGES = {
  python: "Python is loading …",
  packages: "Django and the shop are being unpacked …",
  django: "The server is starting …",
};
const asked = new URLSearchParams(location.search);
const notebook = /^[0-9a-f-]{36}$/.exec(asked.get("notebook"))?.[0];
const tab = notebook ?? crypto.randomUUID();
let failed = false;
const byId = (id) => document.getElementById(id);

byId("again").addEventListener("click", () => location.reload());
start().catch(fail);

async function start() {
  await Promise.all([notebook ? nameNotebook() : startServer(), controlled()]);
  show();
}

function nameNotebook() {
  byId("about").textContent = "with the server of a notebook in this browser: what you do here and what its cells do meet in one flight recorder.";
}

async function startServer() {
  say(STAGES.python, 1);
  const server = new Worker("server_worker.js", { type: "module" });
  const ready = new Promise((resolve, reject) => {
    server.onmessage = ({ data: { stage, error } }) => {
      if (error) return reject(new Error(error));
      if (stage === "ready") return resolve();
      say(STAGES[stage], 1 + Object.keys(STAGES).indexOf(stage));
    };
    server.onerror = (event) => reject(new Error(event.message || "A file of this page could not be loaded."));
  });
  server.postMessage({ tab, lifetimes: lifetimes() });
  await ready;
  byId("again").hidden = false;
}

/** The lifetimes of the server's tokens in seconds; the address may shorten them: ?access=3&refresh=30. */
function lifetimes() {
  return { JWT_ACCESS_SECONDS: asked.get("access") ?? "10", JWT_REFRESH_SECONDS: asked.get("refresh") ?? "60" };
}

/** Only the Token Lab's own requests go to the service worker. Python comes past it: else the browser would compile it anew for each visit. */
async function controlled() {
  const registration = await navigator.serviceWorker.register("service_worker.js", { scope: "tab/" }).catch(refused);
  while (!registration.active) await changed(registration.waiting ?? registration.installing);
}

/** A window that may keep nothing of a site lets it register no service worker either. */
function refused(error) {
  throw error.name === "SecurityError" ? Object.assign(error, { says: NO_WORKER }) : error;
}

const changed = (worker) => new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));

function show() {
  const frame = document.createElement("iframe");
  frame.title = "Token Lab";
  frame.src = `tab/${tab}/`;
  document.querySelector("main").replaceChildren(frame);
}

function say(sentence, done) {
  if (failed) return;
  byId("state").textContent = sentence;
  byId("progress").hidden = false;
  byId("progress").value = done;
}

function fail(error) {
  failed = true;
  unable(error.says ?? `The server did not start. ${error.message} Load the page again; if that changes nothing, update your browser.`);
}
