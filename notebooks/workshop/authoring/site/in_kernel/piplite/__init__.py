"""In the place of JupyterLite's installer: everything is here already, and no package is asked of another host."""
