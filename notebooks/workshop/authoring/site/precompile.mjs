/** `node precompile.mjs ARCHIVE PLACE FOLDER... --beside FOLDER...`: bytecode for the page's Python, which finds the archive's files
 *  in PLACE. In the first folders it replaces the sources; in the others it lies beside them, and is used without a look at them. */

import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [archive, place, ...folders] = process.argv.slice(2);
const beside = folders.splice(folders.indexOf("--beside")).slice(1);
const python = await loadPyodide();
python.FS.writeFile("/sources.zip", readFileSync(archive));
python.globals.set("place", place);
python.globals.set("folders", python.toPy(folders));
python.globals.set("beside", python.toPy(beside));
python.runPython(`
import importlib.util, py_compile, zipfile

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH

def compiled(name, source):
    with open("/source.py", "wb") as file:
        file.write(source)
    py_compile.compile("/source.py", "/source.pyc", dfile=f"{place}/{name}", doraise=True, invalidation_mode=UNCHECKED)
    with open("/source.pyc", "rb") as file:
        return file.read()

with zipfile.ZipFile("/sources.zip") as sources, zipfile.ZipFile("/compiled.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name in sources.namelist():
        data = sources.read(name)
        if name.endswith(".py") and name.startswith(tuple(beside)):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
            name, data = importlib.util.cache_from_source(name), compiled(name, data)
        elif name.endswith(".py") and name.startswith(tuple(folders)):
            name, data = f"{name}c", compiled(name, data)
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
`);
writeFileSync(archive, python.FS.readFile("/compiled.zip"));
