"""The words before the facts in our mails, per language, and the names of the formats.

A creator (or a program that reads mail for one) finds fee, reference, link, code and dates by these labels, always as
``Label: value`` on a line of its own. They are an interface: change one only together with its readers.
"""

from collections.abc import Mapping

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "format": "Format",
        "fee": "Fee",
        "reference": "Reference",
        "answer_by": "Please answer by",
        "window": "Publish between",
        "link": "Link",
        "code": "Code",
        "disclosure": "Disclosure",
        "draft_by": "Please send your draft by",
    },
    "de": {
        "format": "Format",
        "fee": "Honorar",
        "reference": "Referenz",
        "answer_by": "Bitte antworten bis",
        "window": "Veröffentlichung zwischen",
        "link": "Link",
        "code": "Code",
        "disclosure": "Kennzeichnung",
        "draft_by": "Entwurf bitte bis",
    },
    "pt": {
        "format": "Formato",
        "fee": "Cachê",
        "reference": "Referência",
        "answer_by": "Por favor, responda até",
        "window": "Publicar entre",
        "link": "Link",
        "code": "Código",
        "disclosure": "Identificação",
        "draft_by": "Envie o rascunho até",
    },
    "ja": {
        "format": "形式",
        "fee": "報酬",
        "reference": "照会番号",
        "answer_by": "ご回答期限",
        "window": "公開期間",
        "link": "リンク",
        "code": "コード",
        "disclosure": "広告表記",
        "draft_by": "下書きの期限",
    },
}

INTEGRATION_NAMES: Mapping[str, Mapping[str, str]] = {
    "dedicated_video": {
        "en": "Dedicated video", "de": "Eigenes Video", "pt": "Vídeo dedicado", "ja": "タイアップ動画（単独）",
    },
    "integrated_mention": {
        "en": "Integrated mention", "de": "Integrierte Erwähnung", "pt": "Menção integrada", "ja": "動画内でのご紹介",
    },
    "short": {"en": "Short", "de": "Short (Kurzvideo)", "pt": "Vídeo curto (Short)", "ja": "ショート動画"},
    "live_stream": {"en": "Live stream", "de": "Livestream", "pt": "Transmissão ao vivo", "ja": "ライブ配信"},
    "giveaway": {"en": "Giveaway", "de": "Gewinnspiel", "pt": "Sorteio", "ja": "プレゼント企画"},
    "post": {"en": "Post", "de": "Beitrag", "pt": "Postagem", "ja": "投稿"},
}  # fmt: skip


def integration_name(integration_type: str, language: str | None) -> str:
    """The format in the reader's language. Raises KeyError for a format we do not know.

    Examples
    --------
    >>> integration_name("integrated_mention", "de")
    'Integrierte Erwähnung'
    """
    names = INTEGRATION_NAMES[integration_type]
    return names.get((language or "").split("-")[0].lower(), names["en"])
