"""What the token settings of a server are that checks all it can check."""

APP = "rest_framework_simplejwt.token_blacklist"
TOKENS = {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True, "AUDIENCE": "shop"}
