"""Generated pictures: a still for each video, the sign of the app store. No photographs, nothing from outside."""

import hashlib

from markupsafe import escape

from sandbox.model import Video

WIDTH, HEIGHT = 480, 270
TITLE_LINES = 3
BASELINE = 72
"""Space under the title, where pages lay the playing time."""
CHARACTERS_PER_LINE = 24
WIDE_CHARACTERS_PER_LINE = 13


def video_still(video: Video) -> str:
    """An SVG of 16:9 with the title on a background that belongs to the video."""
    digest = hashlib.blake2b(video.video_id.encode(), digest_size=6).digest()
    hue, turn = digest[0] * 360 // 256, 30 + digest[1] % 60
    shapes = "".join(
        f'<circle cx="{80 + digest[2 + index] * 1.3:.0f}" cy="{40 + digest[3 + index] * 0.8:.0f}" '
        f'r="{40 + digest[4 + index] // 4}" fill="hsl({(hue + turn * index) % 360} 70% 60%)" opacity="0.28"/>'
        for index in range(2)
    )
    lines = "".join(
        f'<text x="28" y="{HEIGHT - BASELINE - 36 * (len(title) - 1 - index)}">{escape(line)}</text>'
        for title in [_lines(video.title)]
        for index, line in enumerate(title)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="hsl({hue} 55% 34%)"/>'
        f'<stop offset="1" stop-color="hsl({(hue + turn) % 360} 60% 20%)"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#g)"/>{shapes}'
        f'<g fill="#fff" font-family="system-ui, sans-serif" font-size="30" font-weight="700">{lines}</g></svg>'
    )


def _lines(title: str) -> list[str]:
    """The title broken into at most three lines; scripts without spaces are broken anywhere."""
    wide = sum(ord(character) > 0x2E7F for character in title) > len(title) // 3
    most = WIDE_CHARACTERS_PER_LINE if wide else CHARACTERS_PER_LINE
    words = list(title) if wide else [word + " " for word in title.split()]
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) > most and lines[-1]:
            lines.append("")
        lines[-1] += word[:most]
    if len(lines) > TITLE_LINES:
        lines = [*lines[: TITLE_LINES - 1], lines[TITLE_LINES - 1].rstrip() + "…"]
    return [line.strip() for line in lines]
