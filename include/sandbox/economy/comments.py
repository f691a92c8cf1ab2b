"""Comments under videos: people of the audience, some of them again and again, other creators, and pods."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.economy.creators import Population
from sandbox.economy.names import GIVEN, JAPANESE_GIVEN
from sandbox.hashing import chance, number, pick, token, unit
from sandbox.model import Video

PHRASES = {
    "de": ("Super Video!", "Genau das habe ich gesucht, danke.", "Bitte mehr davon 😄", "Nice", "Erster!", "🔥🔥🔥",
           "Kannst du das noch genauer erklären?", "Sehe ich anders, aber gut gemacht."),
    "en": ("Great video!", "Exactly what I was looking for, thanks.", "More of this please 😄", "nice", "First!",
           "🔥🔥🔥", "Could you explain that part again?", "I disagree, but well made."),
    "pt": ("Vídeo ótimo!", "Era isso que eu procurava, valeu.", "Quero mais 😄", "top", "Primeiro!", "🔥🔥🔥",
           "Explica melhor essa parte?", "Discordo, mas ficou bom."),
    "ja": ("最高の動画！", "まさに探していました。", "もっと見たいです😄", "いいね", "一コメ！", "🔥🔥🔥",
           "そこをもう少し詳しくお願いします。", "意見は違うけど面白かった。"),
}  # fmt: skip
COMMENTS_OF_A_MATE = 2
CREATOR_SHARE = 0.01
POD_SECONDS = 6 * 3600
REGULARS = 400
"""People who comment on a channel; each comment is by one of them."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on a video."""

    identity: str
    author_channel: str
    author_name: str
    text: str
    published_at: datetime
    likes: int


class Comments:
    """Computed by their place, the oldest first; nothing is kept."""

    def __init__(self, seed: int, population: Population) -> None:
        self._seed, self._population = seed, population

    def read(
        self, video: Video, creator: int, mates: tuple[int, ...], place: int, counted_at: datetime, now: datetime
    ) -> Comment:
        """The comment at a place; the mates of a pod come first, within hours, and the others after them.

        Args:
            video: what is commented on.
            creator: number of its creator.
            mates: numbers of the others of the creator's pod.
            place: from 0, the oldest.
            counted_at: when there first were more comments than `place`.
            now: no comment is later.
        """
        owner = self._population.creators[creator]
        seed, key = self._seed, (video.video_id, place)
        agreed = COMMENTS_OF_A_MATE * len(mates)
        agreed_until = video.published_at + timedelta(seconds=POD_SECONDS if agreed else 0)
        if place < agreed:
            channel, name = self._creator(mates[place // COMMENTS_OF_A_MATE])
            share = (place + unit(seed, "comment-after", *key)) / agreed
            published_at = video.published_at + (agreed_until - video.published_at) * share
        else:
            friends = self._population.friends[creator]
            if friends and chance(CREATOR_SHARE, seed, "comment-by-creator", *key):
                channel, name = self._creator(pick(friends, seed, "comment-friend", *key))
            else:
                regular = int(REGULARS * unit(seed, "comment-regular", *key) ** 1.6)
                names = [latin for _, latin in JAPANESE_GIVEN] if owner.language == "ja" else GIVEN[owner.language]
                given = pick(names, seed, "regular", creator, regular).lower()
                name = f"@{given}-{number(seed, creator, regular) % 9999}"
                channel = f"UC{token(22, seed, 'regular', creator, regular)}"
            published_at = max(counted_at, agreed_until)
        return Comment(
            identity=f"Ug{token(24, seed, 'comment', *key)}",
            author_channel=channel,
            author_name=name,
            text=pick(PHRASES[owner.language], seed, "comment-text", *key),
            published_at=min(published_at, now).replace(microsecond=0),
            likes=int(6 * unit(seed, "comment-likes", *key) ** 4),
        )

    def _creator(self, creator: int) -> tuple[str, str]:
        known = self._population.creators[creator]
        return known.channel_id, f"@{known.handle}"
