"""What draws itself: as a plot in a notebook, as text anywhere, and as a rounded text where no two runs may differ."""

import html
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STORED = (
    "text/x-workshop-stored"  # no frontend shows this kind: it travels beside the plot in a cell's output
)


class Drawing:
    """A thing with `text()`, `rounded_text()` (the same at every run) and `figure()`."""

    def text(self) -> str:
        raise NotImplementedError

    def rounded_text(self) -> str:
        raise NotImplementedError

    def figure(self) -> "Figure":
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        """The plot where matplotlib is installed, with the text for readers who do not see it."""
        bundle = {"text/plain": self.text(), STORED: self.rounded_text()}
        try:
            drawing = self.svg()
        except ImportError:
            return bundle
        described = html.escape(self.text(), quote=True)
        return bundle | {"text/html": f'<div role="img" aria-label="{described}">{drawing}</div>'}

    def svg(self) -> str:
        """The plot as SVG."""
        sink = io.StringIO()
        self.figure().savefig(sink, format="svg", metadata={"Date": None})
        return sink.getvalue()[sink.getvalue().index("<svg") :]


def kept(output: dict[str, Any]) -> dict[str, Any]:
    """A cell's output as it is kept under git: of a drawing, its rounded text."""
    text = output.get("data", {}).get(STORED)
    return output if text is None else output | {"data": {"text/plain": text}}
