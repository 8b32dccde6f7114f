/** The memory of a started server, kept in this browser: a later visit goes on with it, instead of starting Python and Django.
 *
 *  Pyodide calls its part of this experimental, and refuses a memory of another version.
 */

import createModule from "./pyodide/pyodide.asm.mjs";

const CACHE = "memory of Try it now";

/** The name of the memory that comes of these files and these settings. */
export async function named(archive, settings) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", archive));
  return `memory/${[...digest].map((byte) => byte.toString(16)).join("-")}?${new URLSearchParams(settings)}`;
}

/** The memory of that name, or nothing. */
export async function kept(name) {
  const found = await (await caches.open(CACHE)).match(name);
  return found && new Uint8Array(await found.arrayBuffer());
}

/** Keep the memory as it is now, and no other. */
export async function keep(name, python) {
  const memory = python.makeMemorySnapshot();
  await caches.delete(CACHE);
  await (await caches.open(CACHE)).put(name, new Response(memory));
}

/** What `loadPyodide` needs to go on with this memory. It makes no room for one that has grown: github.com/pyodide/pyodide/issues/6254 */
export function restoring(memory) {
  return {
    _loadSnapshot: memory,
    createPyodideModule: async (settings) => {
      const module = await createModule(settings);
      module.growMemory(memory.length);
      return module;
    },
  };
}
