/* Written for old browsers: one that cannot run a notebook goes to the page that says what to do. */
if (typeof WebAssembly !== "object" || typeof BroadcastChannel !== "function" || !("noModule" in document.createElement("script")))
  location.replace("../old_browser.html");
