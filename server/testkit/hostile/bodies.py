"""Hostile bodies."""

from testkit.hostile.endpoints import dumps

FIELD_VALUES = {
    "null": None,
    "a number": 5,
    "a huge number": 10**400,
    "true": True,
    "a list": ["a"],
    "an object": {"a": "b"},
    "a NUL": "a\0b",
    "half a surrogate pair": "\ud800",
    "empty": "",
    "spaces": "   ",
    "50,000 letters": "a" * 50_000,
    "control characters": "".join(map(chr, range(1, 32))),
    "right-to-left override": "\u202eada",
    "a format string": "%s{0}${7*7}{{7*7}}",
    "SQL": "ada' OR '1'='1'--",
}
NUMBERS = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-0",
    "0.1",
    "1E+30",
    "9" * 30,
    "9" * 5000,
    "0x10",
    "1_0",
    "-1",
)


def corpus(honest):
    """Named bodies for an endpoint with these honest fields: name, content type, bytes."""
    for name, body in json_bodies(honest):
        yield name, "application/json", body
    yield from other_bodies(honest)
    yield from largest(honest)


def largest(honest):
    """As many bytes as this server accepts, in forms that take time to read: name, content type, bytes."""
    from django.conf import settings

    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for field in honest:
        for name, text in {"letters": "a", "dots": "a.", "quotes": "'\" ", "spaces": " "}.items():
            filled = dumps(honest | {field: ""})
            room = size - len(filled)
            value = dumps(text * (room // (len(dumps(text)) - 2)))[1:-1]
            empty, whole = b'"%s": ""' % field.encode(), b'"%s": "%s"' % (field.encode(), value)
            yield f"{field} fills the body with {name}", "application/json", filled.replace(empty, whole)
    text = dumps(honest)[:-1]
    for name, item in {"numbers": b"1,", "lists": b"[],", "words": b'"a",'}.items():
        items = item * ((size - len(text) - 20) // len(item))
        yield f"the body is full of {name}", "application/json", text + b', "x": [%s 1]}' % items
    first = next(iter(honest)).encode()
    yield (
        "a form fills the body",
        "application/x-www-form-urlencoded",
        first + b"=" + b"%41" * (size // 3 - 20),
    )


def json_bodies(honest):
    text = dumps(honest)
    first = next(iter(honest))
    yield "100,000 times [", b"[" * 100_000
    yield "lists nested 100,000 deep", b"[" * 100_000 + b"]" * 100_000
    yield "objects nested 50,000 deep", b'{"a":' * 50_000
    for depth in (500, 900, 990):
        nested = b"[" * depth + b"]" * depth
        yield f"a field nested {depth} deep", b'{"%s": %s}' % (first.encode(), nested)
        yield f"an unknown field nested {depth} deep", text[:-1] + b', "x": %s}' % nested
    for field in honest:
        for name, value in FIELD_VALUES.items():
            yield f"{field} is {name}", dumps(honest | {field: value})
        for number in NUMBERS:
            others = dumps({key: value for key, value in honest.items() if key != field})
            separator = b", " if len(others) > 2 else b""
            raw = b'%s%s"%s": %s}' % (others[:-1], separator, field.encode(), number.encode())
            yield f"{field} is {number[:12]}", raw
            yield f"{field} is {number[:12]} as text", dumps(honest | {field: number})
        yield f"{field} is missing", dumps({key: value for key, value in honest.items() if key != field})
    for name, value in {"null": None, "a list": [honest], "a text": "x", "a number": 1, "true": True}.items():
        yield f"body is {name}", dumps(value)
    yield "body is cut off", text[:-1]
    yield "a field twice", text[:-1] + b', "%s": []}' % first.encode()
    yield "no UTF-8", b'{"%s": "\xff\xfe"}' % first.encode()
    yield "a byte order mark", b"\xef\xbb\xbf" + text
    yield "UTF-16", text.decode().encode("utf-16")
    yield "comments", b"/* a */ " + text
    yield "100,000 fields", dumps({f"f{n}": n for n in range(100_000)})
    yield "a field of 2 MB", dumps(honest | {first: "a" * 2_000_000})
    yield "10 MB", dumps(honest | {first: "a" * 10_000_000})
    yield "a field name with a NUL", dumps(honest | {"a\0b": 1, "\ud800": 1, "__proto__": {}, "__class__": 1})


def other_bodies(honest):
    text = dumps(honest)
    form = "&".join(f"{name}={value}" for name, value in honest.items()).encode()
    url_encoded = "application/x-www-form-urlencoded"
    multipart = "multipart/form-data; boundary=x"
    file = b'--x\r\nContent-Disposition: form-data; name="f%d"; filename="a"\r\n\r\na\r\n'
    first = next(iter(honest)).encode()
    yield "a form of 5,000 fields", url_encoded, b"&".join(b"f%d=1" % n for n in range(5000))
    yield "a form with a NUL", url_encoded, b"%s=%%00" % first
    yield "a form that is no UTF-8", url_encoded, b"%s=%%ff%%fe" % first
    yield "a form of 10 MB", url_encoded, b"%s=%s" % (first, b"a" * 10_000_000)
    yield "a form with a bad charset", f"{url_encoded}; charset=none", form
    yield "a form in UTF-16", f"{url_encoded}; charset=utf-16", form.decode().encode("utf-16")
    yield "multipart without a boundary", "multipart/form-data", form
    yield "multipart with a boundary of control letters", "multipart/form-data; boundary=\x01", form
    yield "multipart with a boundary of 300 letters", f"multipart/form-data; boundary={'b' * 300}", form
    yield "multipart that ends early", multipart, b"--x\r\nContent-Disposition: form-data"
    yield "multipart without names", multipart, b"--x\r\n\r\n\r\n--x--\r\n"
    yield "multipart of 500 files", multipart, b"".join(file % n for n in range(500)) + b"--x--\r\n"
    yield (
        "multipart in bad base64",
        multipart,
        (
            b'--x\r\nContent-Disposition: form-data; name="%s"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n'
            % first
        ),
    )
    yield (
        "multipart with a file for a field",
        multipart,
        (
            b'--x\r\nContent-Disposition: form-data; name="%s"; filename="\0../a"\r\n\r\na\r\n--x--\r\n'
            % first
        ),
    )
    yield "XML", "application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
    yield "JSON that says it is text", "text/plain", text
    yield "no content type", "", text
    for charset in (
        "none",
        "undefined",
        "idna",
        "punycode",
        "utf-7",
        "rot13",
        "bz2",
        "hex",
        "utf-32",
        "unicode_escape",
    ):
        yield f"JSON in the charset {charset}", f"application/json; charset={charset}", text
    yield "a content type of 5,000 letters", "application/json; " + "a=b;" * 1250, text
    yield "a content type with a NUL", "application/json\0", text
    yield "a content type with a lone quote", 'application/json; charset="', text
