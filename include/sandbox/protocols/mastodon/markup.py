"""HTML as Mastodon makes it of plain text: paragraphs, links, hashtags, mentions."""

import html
import re
from collections.abc import Mapping

_TOKEN = re.compile(r"https?://\S+|[#@][^\s#@]+(?:@[a-z0-9.-]+)?")
LINK_SHOWN_CHARACTERS = 30


def link(address: str, *, is_own: bool = False) -> str:
    """An address, cut for people and whole for machines; `is_own` marks a link of a profile (rel=me)."""
    scheme, _, rest = address.partition("://")
    prefix = f"{scheme}://" + ("www." if rest.startswith("www.") else "")
    shown = address[len(prefix) : len(prefix) + LINK_SHOWN_CHARACTERS]
    hidden = address[len(prefix) + LINK_SHOWN_CHARACTERS :]
    relation = "nofollow noopener me" if is_own else "nofollow noopener"
    style = "ellipsis" if hidden else ""
    return (
        f'<a href="{html.escape(address)}" target="_blank" rel="{relation}" translate="no">'
        f'<span class="invisible">{prefix}</span><span class="{style}">{html.escape(shown)}</span>'
        f'<span class="invisible">{html.escape(hidden)}</span></a>'
    )


def paragraph(text: str, mentions: Mapping[str, str], tags: Mapping[str, str]) -> str:
    """A text as HTML.

    Args:
        text: plain.
        mentions: full handle to the address of the profile.
        tags: hashtag without # to the address of its page.
    """

    def marked(found: re.Match[str]) -> str:
        token = found[0]
        name = token[1:]
        if token.startswith("http"):
            return link(token)
        if token.startswith("@") and name in mentions:
            shown = html.escape(name.partition("@")[0])
            address = html.escape(mentions[name])
            return (
                f'<span class="h-card" translate="no"><a href="{address}" class="u-url mention">@<span>{shown}</span>'
                "</a></span>"
            )
        if token.startswith("#") and name in tags:
            address = html.escape(tags[name])
            return f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{html.escape(name)}</span></a>'
        return html.escape(token, quote=False)

    lines, place = [], 0
    for found in _TOKEN.finditer(text):
        lines += [html.escape(text[place : found.start()], quote=False), marked(found)]
        place = found.end()
    lines.append(html.escape(text[place:], quote=False))
    return "<p>" + "".join(lines).replace("\n", "<br />") + "</p>"
