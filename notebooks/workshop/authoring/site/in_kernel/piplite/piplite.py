"""JupyterLite sets two values of this module when a kernel starts. Nothing reads them."""
