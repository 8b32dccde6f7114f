"""The steps that are planned and not written yet: they are named as that, wherever somebody asks for one."""

from ..errors import WorkshopError
from . import manifest

PLANNED = {
    "07_rotation": "Rotate refresh tokens, and log out",
    "08_reuse_detection": "Notice a stolen refresh token",
    "09_permissions": "Give roles their rights, and take them away",
    "10_attacks": "Attack the server, and defend it",
    "11_signing_keys": "Sign with two keys, and change them",
    "12_ship_it": "Put it on the internet",
}


def steps() -> dict[str, str]:
    """Stem and title of each planned step that does not exist yet, in order."""
    numbers = {step.number for step in manifest.steps()}
    return {stem: title for stem, title in PLANNED.items() if stem[:2] not in numbers}


def find(typed: str) -> manifest.Step:
    """The step a person means; for one that is only planned, a `WorkshopError` says so."""
    wanted = typed.strip().strip("/").lower()
    for stem in steps():
        number, _, name = stem.partition("_")
        if wanted in (stem, number, name, str(int(number))):
            last = manifest.steps()[-1]
            raise WorkshopError(
                f"Step {stem} is planned, and not written yet. The last step there is: {last.stem}"
            )
    return manifest.find(typed)
