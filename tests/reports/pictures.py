"""Pictures that tests send."""

from __future__ import annotations

import io

from PIL import Image


def png(width: int = 300, height: int = 300) -> bytes:
    """Return a PNG of one grey."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (90, 90, 90)).save(file, "PNG")
    return file.getvalue()
