"""In the place of urllib3's way to ask through the browser: here a request goes to a server in the tab, or nowhere."""


def inject_into_urllib3():
    """Change nothing."""
