"""Colours as a picture's ICC profile says them, in sRGB: pages take a picture without one for that.

A camera's Display P3 or Adobe RGB, a scanner's grey, a printer's CMYK.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from PIL import Image, ImageCms

MOST_PROFILE_BYTES = 2_000_000
"""Those of printers have some 500 kB."""
_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Of pixels, by what a profile says that it is of (ICC.1:2022, 7.2.6)."""
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def in_srgb(image: Image.Image, profile: object) -> Image.Image | None:
    """RGB, or RGBA where it is clear somewhere. None where the profile cannot be read, or is of
    other pixels than these: browsers show such a picture as it is.
    """
    if not isinstance(profile, bytes) or len(profile) > MOST_PROFILE_BYTES:
        return None
    try:
        transform, mode = _to_srgb(profile)
        return _changed(image, transform, mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # whatever lcms says of what strangers made
        return None


def _changed(image: Image.Image, transform: Any, mode: str) -> Image.Image | None:
    if (mode == "CMYK") != (image.mode == "CMYK"):
        return None
    is_grey = image.mode in {"1", "L", "LA"}
    if mode == "L" and not is_grey:
        return None
    clear = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    plain = image.convert(mode)
    changed = ImageCms.applyTransform(plain, transform)
    if changed is not None and clear is not None:
        changed.putalpha(clear)
    return changed


@lru_cache(maxsize=1)
def _to_srgb(profile: bytes) -> tuple[Any, str]:
    """Of all frames of what moves one; raises what lcms raises, and ValueError."""
    read = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = _MODES.get(read.profile.xcolor_space)
    if mode is None:
        raise ValueError(read.profile.xcolor_space)
    srgb = ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(read, srgb, mode, "RGB", _INTENT, _FLAGS), mode
