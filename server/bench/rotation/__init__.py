"""The same stock shop with two kinds of rotation: simplejwt's blacklist, and the token families of step 08."""
