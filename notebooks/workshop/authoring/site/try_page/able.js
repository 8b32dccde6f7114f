/* Written for old browsers: it says what this one lacks, or begins. */
var TOO_OLD = "This browser is too old to run Python in a page. Update it, or open this address in a current Firefox, Chrome, Edge or Safari.";
var NO_WORKER =
  "This browser lets no page bring its own server here. Open the page in an ordinary window, not a private one, that may keep data of this site, and at an address that begins with https:// or http://localhost.";

/* In place of the server: what is wrong, and where to go on. */
function unable(sentence) {
  document.getElementById("progress").hidden = true;
  document.getElementById("state").textContent = sentence;
  document.getElementById("instead").hidden = false;
}

(function () {
  var old = typeof WebAssembly !== "object" || typeof BroadcastChannel !== "function" || !("noModule" in document.createElement("script"));
  if (old) return unable(TOO_OLD);
  if (!("serviceWorker" in navigator)) return unable(NO_WORKER);
  var script = document.createElement("script");
  script.type = "module";
  script.src = "tab.js";
  document.head.appendChild(script);
})();
