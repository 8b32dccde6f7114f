"""What the OpenAPI schema says about authentication and about refusals."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework_simplejwt.settings import api_settings

METHODS_WITH_BODY = ("post", "put", "patch")
COMPONENT = {
    "type": "object",
    "description": "`detail` is a sentence for people; `code`, where there is one, is for programs. "
    "Where fields of the body are wrong, each is named with its sentences instead.",
    "properties": {"detail": {"type": "string"}, "code": {"type": "string"}},
    "additionalProperties": True,
}
REFUSAL = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}


class TokenScheme(OpenApiAuthenticationExtension):
    """The first of AUTH_HEADER_TYPES, as in the challenge.

    The library's own extension says the same, and warns in `check --deploy` when there are several.
    """

    target_class = "rest_framework_simplejwt.authentication.JWTAuthentication"
    name = "jwtAuth"
    priority = 1

    def get_security_definition(self, auto_schema):
        return build_bearer_security_scheme_object(
            header_name=api_settings.AUTH_HEADER_NAME,
            token_prefix=api_settings.AUTH_HEADER_TYPES[0],
            bearer_format="JWT",
        )


def document_refusals(result, generator, request, public):
    """Add to each operation the refusals that it can give. A hook of drf-spectacular."""
    result["components"]["schemas"]["Refusal"] = COMPONENT
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status, sentence in refusals(path, method, operation):
                operation["responses"].setdefault(status, {"description": sentence, "content": REFUSAL})
    return result


def refusals(path, method, operation):
    """The statuses, each with its meaning, that this operation can give besides those of its view."""
    security = operation.get("security", [])
    if method in METHODS_WITH_BODY:
        yield "400", "The body cannot be read, or a field of it is wrong."
        yield "413", "The body is too large."
        yield "415", "The Content-Type of the body is not accepted here."
    yield "401", "No credentials where some are needed, or credentials that are not valid."
    if security and {} not in security:
        yield "403", "You are logged in, and you may not do this."
    if "{" in path:
        yield "404", "Nothing has this id."
    yield "406", "The response cannot be given in the form that Accept asks for."
    if path.endswith("/token/"):
        yield "429", "Too many failed logins of this account from this address."
