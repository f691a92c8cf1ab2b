"""What channel pages and video descriptions say, in four languages."""

from datetime import datetime

from sandbox.economy.verticals import BY_KEY, MONTHS
from sandbox.hashing import chance, number, pick, unit

INTRODUCTIONS = {
    "de": (
        "Hi, ich bin {person}! Hier dreht sich alles um {topics}.",
        "Willkommen auf meinem Kanal. Jede Woche Neues zu {topics}.",
        "{person} hier. Ich mache Videos über {topics}, ehrlich und ohne viel Drumherum.",
    ),
    "en": (
        "Hi, I'm {person}! This channel is all about {topics}.",
        "Welcome in. New videos every week on {topics}.",
        "{person} here. I make videos about {topics}, honest and to the point.",
    ),
    "pt": (
        "Oi, eu sou {person}! Aqui o assunto é {topics}.",
        "Bem-vindo ao canal. Toda semana tem vídeo novo sobre {topics}.",
        "Aqui é {person}. Faço vídeos sobre {topics}, sem enrolação.",
    ),
    "ja": (
        "{person}です。{topics}の動画を投稿しています。",
        "ご覧いただきありがとうございます。毎週{topics}についてお届けします。",
        "{person}のチャンネルへようこそ。{topics}が大好きです。",
    ),
}
BUSINESS = {
    "de": "Geschäftliche Anfragen: {address}",
    "en": "Business inquiries: {address}",
    "pt": "Contato comercial: {address}",
    "ja": "お仕事のご依頼：{address}",
}
FRIENDS = {
    "de": "Schaut auch vorbei bei {handles}.",
    "en": "Also check out {handles}.",
    "pt": "Visitem também {handles}.",
    "ja": "仲良しチャンネル：{handles}",
}
VIDEO_BODIES = {
    "de": (
        "Heute zeige ich euch, worauf es ankommt. Schreibt mir eure Meinung in die Kommentare!",
        "Viel Spaß mit dem Video. Wenn es euch gefällt, lasst ein Abo da.",
    ),
    "en": (
        "Today I show you what really matters. Tell me what you think in the comments!",
        "Enjoy the video. If you like it, subscribe for more.",
    ),
    "pt": (
        "Hoje eu mostro o que realmente importa. Conta nos comentários o que achou!",
        "Aproveita o vídeo. Se gostou, se inscreve no canal.",
    ),
    "ja": (
        "今回は大事なポイントをご紹介します。感想はコメント欄へどうぞ！",
        "最後までご覧ください。よければチャンネル登録をお願いします。",
    ),
}
TOGETHER = {
    "de": "Zusammen mit @{handle}",
    "en": "Together with @{handle}",
    "pt": "Junto com @{handle}",
    "ja": "@{handle} さんと一緒に撮りました",
}
CHANNEL_OF = {
    "de": "Kanal von {name}: https://www.youtube.com/@{handle}",
    "en": "{name}'s channel: https://www.youtube.com/@{handle}",
    "pt": "Canal de {name}: https://www.youtube.com/@{handle}",
    "ja": "{name}のチャンネル：https://www.youtube.com/@{handle}",
}
OTHER_SPONSOR = {
    "de": "Anzeige: Dieses Video wird von Nordhut Rucksäcke unterstützt. https://nordhut.example/",
    "en": "Ad: this video is supported by Nordhut Backpacks. https://nordhut.example/",
    "pt": "Publicidade: este vídeo tem o apoio da Nordhut Mochilas. https://nordhut.example/",
    "ja": "広告：この動画はノルドフートの提供です。 https://nordhut.example/",
}
JOIN = {"ja": "、"}


def channel_description(
    seed: int,
    entity: int,
    language: str,
    person: str,
    topics: tuple[str, ...],
    address: str | None,
    friend_handles: list[str],
) -> str:
    """The text of a channel page; the business address stands in it when there is one."""
    introduction = pick(INTRODUCTIONS[language], seed, entity, "introduction")
    lines = [introduction.format(person=person, topics=JOIN.get(language, ", ").join(topics[:3]))]
    if friend_handles and chance(0.45, seed, entity, "names-friends"):
        lines.append(FRIENDS[language].format(handles=" ".join(f"@{handle}" for handle in friend_handles)))
    if address:
        lines.append(BUSINESS[language].format(address=address))
    return "\n".join(lines)


def video_title(seed: int, video: str, vertical: str, language: str, published_at: datetime) -> str:
    """A title as one finds it in this vertical and language."""
    texts = BY_KEY[vertical]
    template = pick(texts.titles[language], seed, video, "title")
    return template.format(
        thing=pick(texts.things, seed, video, "thing"),
        n=3 + number(seed, video, "n") % 45,
        month=MONTHS[language][published_at.month - 1],
    )


def video_description(
    seed: int, video: str, language: str, topics: tuple[str, ...], friend: tuple[str, str] | None, sponsored: bool
) -> str:
    """Text under an ordinary video. `friend` is (name, handle) of a creator that it mentions."""
    lines = [pick(VIDEO_BODIES[language], seed, video, "body")]
    if sponsored:
        lines.insert(0, OTHER_SPONSOR[language])
    if friend:
        name, handle = friend
        form = unit(seed, video, "mention-form")
        template = TOGETHER if form < 0.6 else CHANNEL_OF
        lines.append(template[language].format(name=name, handle=handle))
    lines.append(" ".join("#" + topic.replace(" ", "").replace("'", "") for topic in topics[:3]))
    return "\n\n".join(lines)
