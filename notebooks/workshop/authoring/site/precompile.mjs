/** `node precompile.mjs ARCHIVE FOLDER...`: in these folders of the archive, bytecode for the page's Python replaces the sources. */

import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [archive, ...folders] = process.argv.slice(2);
const python = await loadPyodide();
python.FS.writeFile("/sources.zip", readFileSync(archive));
python.globals.set("folders", python.toPy(folders));
python.runPython(`
import py_compile, zipfile

def compiled(name, source):
    with open("/source.py", "wb") as file:
        file.write(source)
    py_compile.compile("/source.py", "/source.pyc", dfile=name, doraise=True)
    with open("/source.pyc", "rb") as file:
        return file.read()

with zipfile.ZipFile("/sources.zip") as sources, zipfile.ZipFile("/compiled.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name in sources.namelist():
        data = sources.read(name)
        if name.endswith(".py") and name.startswith(tuple(folders)):
            name, data = f"{name}c", compiled(name, data)
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
`);
writeFileSync(archive, python.FS.readFile("/compiled.zip"));
