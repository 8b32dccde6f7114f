/* Written for old browsers: it says what this one lacks, or begins. */
(function () {
  var state = document.getElementById("state");
  var missing =
    typeof WebAssembly !== "object" || typeof BroadcastChannel !== "function" || !("noModule" in document.createElement("script"))
      ? "This browser is too old to run Python in a page. Update it, or open this address in a current Firefox, Chrome, Edge or Safari."
      : !("serviceWorker" in navigator)
        ? "This browser lets no page bring its own server here. Open the page in an ordinary window, not a private one, and at an address that begins with https:// or http://localhost."
        : "";
  if (missing) {
    state.textContent = missing + " To read instead of trying, take the lessons; to run everything on your own machine, the README has the two commands.";
    return;
  }
  var script = document.createElement("script");
  script.type = "module";
  script.src = "tab.js";
  document.head.appendChild(script);
})();
