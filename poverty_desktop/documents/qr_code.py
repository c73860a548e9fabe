"""A QR code as a picture that stands inside HTML (ISO/IEC 18004), drawn by segno."""

from __future__ import annotations

import io
from base64 import b64encode

BORDER = 4
"""Empty modules around a code, as the standard asks."""
_SCALE = 8


def qr_image(text: str, millimetres: float) -> str:
    """An `<img>` of this width. Error correction M: a smear over an eighth of it is borne."""
    import segno

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=_SCALE, border=BORDER)
    side = round(millimetres / 25.4 * 96)
    return f'<img width="{side}" height="{side}" src="data:image/png;base64,{b64encode(picture.getvalue()).decode()}">'
