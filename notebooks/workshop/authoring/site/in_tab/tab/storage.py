"""Whether the browser keeps more for this site. A tab that writes more than that waits until its end.

Only a write tells: `navigator.storage.estimate` names 10 GB free in Chromium, whatever there is.
"""

from pyodide.code import run_js
from pyodide.ffi import create_once_callable

SPARE = 1_000_000  # bytes that are left to the notebooks, which are kept in the same place
REASONS = {"QuotaExceededError": "its storage is full"}  # by the name of the browser's error
KEEPS_NOTHING = "it lets this page keep nothing"
# Gives the name of what keeps the browser from it, or nothing. Random bytes, since others would be compressed; and many
# pieces, since Chromium makes a file of a large one and does not count it.
TRY = run_js("""(size) => new Promise((resolve) => {
  const opening = indexedDB.open("room to write", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("bytes");
  opening.onerror = () => resolve(opening.error.name);
  opening.onsuccess = () => {
    const end = (name) => { opening.result.close(); indexedDB.deleteDatabase("room to write"); resolve(name); };
    const piece = crypto.getRandomValues(new Uint8Array(32768));
    const writing = opening.result.transaction("bytes", "readwrite");
    for (let at = 0; at < size; at += piece.length) writing.objectStore("bytes").put(piece, at);
    writing.oncomplete = () => end("");
    writing.onabort = () => end(writing.error.name);
  };
}).catch((error) => error.name)""")


def ask(size, then):
    """Call `then` soon, with an empty text when the browser keeps this many bytes more, and else with the reason."""
    told = create_once_callable(lambda name: then(name and REASONS.get(name, f"{KEEPS_NOTHING}: {name}")))
    TRY(2 * size + SPARE).then(told)  # JupyterLite keeps a file as longer text
