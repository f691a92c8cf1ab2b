"""Word patterns that tell a yes from a no in German, English, Portuguese and Japanese.

Matched on normalised small letters, all languages at once: creators often answer in another language than their own.
"""

import re


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts))


IDIOMS = _any(
    r"\bno (?:problem|worries)\b",
    r"\bcan'?t wait\b",
    r"\bwhy not\b",
    r"\bnot a problem\b",
    r"\bno doubt\b",
    r"\bkein(?:e)? (?:problem|ding|thema)\b",
    r"\bwarum nicht\b",
    r"\bkeine frage\b",
    r"\bnicht schlecht\b",
    r"\bsem problemas?\b",
    r"\bpor que não\b",
    r"\bsem dúvida\b",
    r"\bnão vejo a hora\b",
    r"\bnada mal\b",
)
"""Sound like a no and are none; taken out before reading."""

DECLINE = _any(
    # English
    r"\bdeclin(?:e|ing)\b",
    r"\bi(?:'ll| will| have to| must| need to)? ?pass\b",
    r"\bpass on (?:this|it|that)\b",
    r"\bnot interested\b",
    r"\bno[,.]? thank",
    r"\bno[,.]? sorry\b",
    r"^no\b",
    r"\bcan(?:'?t|not) (?:accept|do|take|make|commit|join|say yes)\b",
    r"\bunable to\b",
    r"\bwon'?t (?:be able|work|do)\b",
    r"\b(?:not|isn'?t) a (?:good |great )?(?:fit|match)\b",
    r"\bfully booked\b",
    r"\bdon'?t (?:do|take|accept|want)\b",
    r"\bturn (?:it|this|the offer) down\b",
    r"\bnot (?:available|possible|for me)\b",
    r"\b(?:maybe )?(?:another|some other) time\b",
    r"\bnot this time\b",
    r"\bi(?:'m| am) (?:not in|out)\b",
    # German
    r"\babsag",
    r"\bsage?\b[^,;]{0,30}\bab\b",
    r"\bkein(?:en|e)? (?:interesse|kapazität|zeit|bedarf|werbung|kooperation)",
    r"\b(?:leider|eher|lieber) (?:nicht|nein)\b",
    r"\bpasst\b[^,;]{0,20}\bnicht\b",
    r"\bnicht (?:dabei|möglich|machbar|machen|annehmen|zusagen)\b",
    r"\bablehnen\b",
    r"\blehne\b[^;]{0,30}\bab\b",
    r"^(?:hallo[^,]*, ?)?nein\b",
    r"\bausgebucht\b",
    r"\bein andermal\b",
    r"\bbeim nächsten mal\b",
    r"\bkann (?:ich )?(?:das |es |da )?(?:leider )?nicht\b",
    # Portuguese
    r"\brecus(?:ar|o|amos)\b",
    r"\bnão (?:posso|consigo|vou|combina|tenho|aceito|topo|dá|rola|quero|poderei|tenho interesse)\b",
    r"\bsem (?:interesse|agenda|disponibilidade|tempo)\b",
    r"\binfelizmente não\b",
    r"\bnão,? obrigad",
    r"^não\b",
    r"\bfica para (?:a )?próxima\b",
    # Japanese
    "見送",
    "お断り",
    "断らせ",
    "辞退",
    "お受けできません",
    "お受けすることはできません",
    "お受けできかね",
    "お受けしかね",
    "ご期待に添",
    "ご遠慮",
    "遠慮させ",
    "参加できません",
    "協力できません",
    "対応できません",
    "対応いたしかね",
    "難しい状況",
    "難しいです",
    "難しく",
    "またの機会",
    "興味(?:が|は)(?:ない|ありません|ございません)",
)

ACCEPT = _any(
    # English
    r"\bi'?m in\b",
    r"\bi am in\b",
    r"\bcount me in\b",
    r"\b(?:happy|glad|delighted) to (?:accept|join|do|take part)\b",
    r"\bi(?:'ll| will)? accept\b",
    r"\baccepted\b",
    r"\byes\b",
    r"\bdeal\b",
    r"\blet'?s do (?:it|this)\b",
    r"\bworks for (?:me|us)\b",
    r"\bi agree\b",
    r"\bagreed\b",
    r"\bsounds good to me\b",
    r"\bi'll do it\b",
    # German
    r"\bbin (?:\w+ )?dabei\b",
    r"\bmach(?:e|en)?\b[^,;]{0,20}\bmit\b",
    r"\bsage?\b[^,;]{0,20}\bzu\b",
    r"\bzusage\b",
    r"\bja\b",
    r"\beinverstanden\b",
    r"\bpasst (?:für|so|mir|gut|perfekt)",
    r"\babgemacht\b",
    r"\bnehme\b[^;]{0,30}\ban\b",
    r"\bgeht klar\b",
    r"\bin ordnung\b",
    r"\bgerne?,? (?:mache|machen|dabei|ich bin)\b",
    # Portuguese
    r"\btopo\b",
    r"\baceit(?:o|amos)\b",
    r"\bfechad[oa]\b",
    r"\b(?:pode|podem) contar comigo\b",
    r"\bsim\b",
    r"\bcombinado\b",
    r"\bconcordo\b",
    r"\b(?:estou|tô) dentro\b",
    r"\bbora\b",
    r"\bvamos nessa\b",
    r"\bcom (?:muito )?prazer\b",
    # Japanese
    "お受け(?:いたします|いたしたい|したい|します|させて)",
    "お引き受け(?:いたし|し)",
    "引き受けます",
    "喜んで",
    "参加(?:させていただきます|します|いたします)",
    "承知(?:いたし|し)ました",
    "了解(?:いたし|し|です)",
    "同意",
    "やらせて(?:いただきます|ください)",
    "^はい",
)

LEANING_YES = _any(
    r"\bok(?:ay)?\b",
    r"\bsure\b",
    r"\bsounds (?:great|good|exciting|fun|interesting)\b",
    r"\bi'?d (?:love|like|be happy|be glad) to\b",
    r"\blooking forward\b",
    r"\bgladly\b",
    r"\bgern(?:e)?\b",
    r"\bklingt (?:super|gut|toll|spannend|interessant)\b",
    r"\bfreue? mich\b",
    r"\badorei\b",
    r"\bgostei\b",
    r"\bparece (?:ótimo|bom|legal)\b",
    r"\bestá ótimo\b",
    r"\blegal\b",
    "ぜひ",
    "興味(?:が|は)(?:あ|ござ)",
    "問題(?:ございません|ありません|ない)",
    "お受けできます",
    "可能です",
)
"""Friendly, but alone no clear yes."""

NEGATION_BEFORE = re.compile(
    r"(?:\bnot|n't|\bnever|\bunfortunately|\bnicht|\bkein\w*|\bleider|\bnão|\bnem|\binfelizmente)\b[^,;.:]{0,25}$"
)
NEGATION_AFTER = re.compile(r"^[^,;.:]{0,10}(?:\bnicht\b|ません(?!か)|ない(?!でしょうか)|かねます)")

COUNTER_CUE = _any(
    r"\b(?:for|at|my (?:rate|fee|price)|rate (?:is|would)|instead|at least|minimum|charge|would need|i'd need)\b",
    r"\b(?:für|bei|mein (?:preis|honorar)|mindestens|statt|ab|würde|bräuchte|nehme|verlange)\b",
    r"\b(?:por|meu (?:valor|preço|cachê)|no mínimo|a partir|faço|cobro|em vez)\b",
    "で(?:お願い|お受け|あれば|したら|いかが)",
    "でしたら",
    "希望",
    "以上",
    "から(?:お受け|承)",
    "いただければ",
)

TOO_LOW = _any(
    r"\btoo (?:low|little)\b",
    r"\bhigher (?:fee|budget|rate)\b",
    r"\bzu (?:wenig|niedrig|gering)\b",
    r"\bmehr (?:geld|honorar|budget)\b",
    r"\b(?:muito )?(?:baixo|pouco)\b",
    r"\bvalor maior\b",
    "低(?:い|く|すぎ)",
    "安(?:い|すぎ)",
    "もう少し(?:上|高|増)",
)

HEDGE = _any(
    r"\bnot (?:yet )?sure\b",
    r"\bthink about it\b",
    r"\bget back to you\b",
    r"\blet you know\b",
    r"\bnicht sicher\b",
    r"\bmelde mich\b",
    r"\büberleg",
    r"\bdarüber nachdenken\b",
    r"\bvou pensar\b",
    r"\bnão (?:tenho|estou) cert",
    r"\bretorno (?:em breve|depois)\b",
    "検討(?:させ|いたし|し)",
    "考えさせて",
    "改めて(?:ご)?連絡",
)
"""No answer yet."""

AUTOMATIC = _any(
    r"\bout of (?:the )?office\b",
    r"\bautomatic reply\b",
    r"\bauto-?reply\b",
    r"\babwesenheits",
    r"\bautomatische antwort\b",
    r"\bresposta automática\b",
    r"\bausência\b",
    "自動返信",
    "自動応答",
    "不在",
)

QUESTION_WORDS = _any(
    r"\b(?:could|can) you (?:tell|send|explain|share)\b",
    r"\bmore (?:details|information)\b",
    r"\b(?:kannst|könnt) (?:du|ihr)\b",
    r"\bmehr (?:infos?|informationen|details)\b",
    r"\b(?:pode|podem|poderia)m? (?:me )?(?:explicar|contar|mandar|enviar|dizer)\b",
    r"\bmais (?:detalhes|informações)\b",
    "でしょうか",
    "ですか",
    "ますか",
    "教えて",
    "詳しく",
)

QUOTE_STARTS = re.compile(
    r"^(?:on\b.{5,200}\bwrote:?|am\b.{5,200}\bschrieb.{0,120}:?|em\b.{5,200}\bescreveu:?|\d{4}年.{5,200}[:：]"
    r"|-{2,}\s*(?:original message|ursprüngliche nachricht|mensagem original|元のメッセージ).*|_{10,})$",
    re.I,
)
