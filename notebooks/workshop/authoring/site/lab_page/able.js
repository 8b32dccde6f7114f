/* Written for old browsers: in the place of a notebook that this one cannot run, it says what to do. */
(function () {
  if (typeof WebAssembly === "object" && typeof BroadcastChannel === "function" && "noModule" in document.createElement("script")) return;
  window.stop();
  document.body.innerHTML =
    "<p role='alert' style='max-width: 38rem; margin: 3rem auto; font: 1.1rem sans-serif'>This browser is too old to run Python in a page. " +
    "Update it, or open this address in a current Firefox, Chrome, Edge or Safari. To read instead, take <a href='../../'>the lessons</a>; " +
    "to run everything on your own machine, the README has the two commands.</p>";
})();
