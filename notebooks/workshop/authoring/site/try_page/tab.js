/** The frame around the Token Lab: starts the server in a worker, then shows the page that this server gives. */

const STAGES = {
  python: "Python is loading …",
  packages: "Django and the shop are being unpacked …",
  django: "The server is starting …",
};
const tab = crypto.randomUUID();
const byId = (id) => document.getElementById(id);

byId("again").addEventListener("click", () => location.reload());
start().catch(fail);

async function start() {
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
  await Promise.all([ready, controlled()]);
  show();
}

/** The lifetimes of the server's tokens in seconds; the address may shorten them: ?access=3&refresh=30. */
function lifetimes() {
  const asked = new URLSearchParams(location.search);
  return { JWT_ACCESS_SECONDS: asked.get("access") ?? "10", JWT_REFRESH_SECONDS: asked.get("refresh") ?? "60" };
}

async function controlled() {
  await navigator.serviceWorker.register("service_worker.js");
  await navigator.serviceWorker.ready;
}

function show() {
  const frame = document.createElement("iframe");
  frame.title = "Token Lab";
  frame.src = `tab/${tab}/`;
  document.querySelector("main").replaceChildren(frame);
  byId("again").hidden = false;
}

function say(sentence, done) {
  byId("state").textContent = sentence;
  byId("progress").hidden = false;
  byId("progress").value = done;
}

function fail(error) {
  byId("progress").hidden = true;
  byId("state").textContent = `The server did not start. ${error.message} Load the page again; if that changes nothing, update your browser.`;
}
