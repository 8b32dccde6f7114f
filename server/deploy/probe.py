"""The health check of a container: `python -m deploy.probe` ends with 0 when the shop is ready, and with 1 when it is not."""

import os
import sys
from http.client import HTTPConnection

PORT = 8000


def main():
    first = os.environ.get("DJANGO_ALLOWED_HOSTS", "localhost").split(",")[0]
    host = first.strip().removeprefix(".")  # .example.com is example.com and every name below it
    connection = HTTPConnection("127.0.0.1", PORT, timeout=5)
    try:
        connection.request("GET", "/health/ready/", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
