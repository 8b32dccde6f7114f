"""The one way the workshop says that something is wrong."""


class WorkshopError(Exception):
    """What was found, what was wanted, what to do: one sentence each, meant for the learner's eyes."""

    def _render_traceback_(self) -> list[str]:
        """In a notebook: the sentence, without a traceback through our own code."""
        return [str(self)]
