"""Students to be measured with: `python -m bench.students COUNT`, with these settings, on this database."""

import sys

PASSWORD = "test"  # noqa: S105 - of accounts in a database that is thrown away


def username(number):
    return f"bench{number}"


def main(count):
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import make_password

    # One hash for all: it is the time to verify it that is measured.
    hashed = make_password(PASSWORD)
    users = get_user_model().objects
    users.bulk_create(users.model(username=username(number), password=hashed) for number in range(count))


if __name__ == "__main__":
    main(int(sys.argv[1]))
