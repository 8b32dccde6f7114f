"""Families to be measured with, each with one spent token: `python -m bench.rotation.fill COUNT EXPIRED`.

The first EXPIRED of them are older than a family may become. With these settings, on this database.
"""

import sys
from datetime import timedelta

# Ids are random. These are as evenly spread, and in order: so a million of them are there in seconds.
ID = {
    "sqlite": "printf('%08x', n * {step}) || lower(hex(randomblob(12)))",
    "postgresql": "(lpad(to_hex(n * {step}::bigint), 8, '0') || left(md5(random()::text), 24))::uuid",
}
JTI = {
    "sqlite": "substr(id, 1, 8) || lower(hex(randomblob(12)))",
    "postgresql": "left(id::text, 8) || left(md5(random()::text), 24)",
}
FAMILIES = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
INSERT INTO token_families_tokenfamily (id, user_id, created_at)
SELECT {id}, (SELECT min(id) FROM api_user), CASE WHEN n <= {expired} THEN {old} ELSE {now} END FROM numbers
"""
SPENT = """
INSERT INTO token_families_spenttoken (jti, family_id, spent_at, expires_at)
SELECT {jti}, id, created_at, CASE WHEN created_at < {now} THEN created_at ELSE {later} END
FROM token_families_tokenfamily ORDER BY id
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
    spread = ID[kind].format(step=2**32 // count)
    with connection.cursor() as cursor:
        for statement in (FAMILIES, SPENT, "ANALYZE"):
            cursor.execute(statement.format(count=count, expired=expired, id=spread, jti=JTI[kind], **words))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
