"""Families to be measured with, each with one spent token: `python -m bench.rotation.fill COUNT EXPIRED`.

The first EXPIRED of them are older than a family may become. With these settings, on this database.
"""

import sys
from datetime import timedelta

# A million rows are there sooner: SQLite keeps their indexes in memory, PostgreSQL looks up no foreign key for each.
QUICKER = {
    "sqlite": "PRAGMA cache_size = -500000",
    "postgresql": "SET session_replication_role = replica",
}
ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
JTI = {"sqlite": ID["sqlite"], "postgresql": "replace(gen_random_uuid()::text, '-', '')"}
FAMILIES = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
INSERT INTO token_families_tokenfamily (id, user_id, created_at)
SELECT {id}, (SELECT min(id) FROM api_user), CASE WHEN n <= {expired} THEN {old} ELSE {now} END FROM numbers
"""
SPENT = """
INSERT INTO token_families_spenttoken (jti, family_id, spent_at, expires_at)
SELECT {jti}, id, created_at, CASE WHEN created_at < {now} THEN created_at ELSE {later} END
FROM token_families_tokenfamily
"""


def main(count, expired):
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    now = timezone.now()
    kind = connection.vendor
    cast = "CAST('{}' AS timestamptz)" if kind == "postgresql" else "'{}'"
    moments = {"old": now - timedelta(days=40), "now": now, "later": now + timedelta(days=1)}
    words = {
        name: cast.format(connection.ops.adapt_datetimefield_value(moment))
        for name, moment in moments.items()
    }
    with connection.cursor() as cursor:
        for statement in (QUICKER[kind], FAMILIES, SPENT, "ANALYZE"):
            cursor.execute(
                statement.format(count=count, expired=expired, id=ID[kind], jti=JTI[kind], **words)
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
