"""Profile pictures: a small symmetrical pattern as SVG, the initial on top."""

from html import escape

from sandbox.hashing import digest


def avatar(seed: int, entity: int, title: str) -> str:
    """A square SVG of 88 units without scripts, links or outside references."""
    raw = digest(seed, "picture", entity, size=16)
    hue, other = raw[0] * 360 // 256, (raw[0] * 360 // 256 + 40 + raw[1] % 120) % 360
    cells = []
    for index in range(15):
        if raw[2 + index % 13] >> (index % 7) & 1:
            column, row = index % 3, index // 3
            cells += [(column, row), (4 - column, row)]
    squares = "".join(
        f'<rect x="{9 + column * 14}" y="{9 + row * 14}" width="14" height="14"/>' for column, row in sorted(set(cells))
    )
    initial = escape(title[:1].upper())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 88 88" width="88" height="88">'
        f'<rect width="88" height="88" rx="44" fill="hsl({hue} 60% 42%)"/>'
        f'<g fill="hsl({other} 70% 72%)" opacity="0.55">{squares}</g>'
        f'<text x="44" y="58" font-family="sans-serif" font-size="40" font-weight="700" fill="#fff" '
        f'text-anchor="middle">{initial}</text></svg>'
    )
