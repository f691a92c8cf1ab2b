"""What creators write, in four languages. `{...}` are filled by `writing`."""

GREETING = {
    "de": ("Hallo zusammen,", "Hi ihr,", "Hallo liebes Team,"),
    "en": ("Hi team,", "Hey there,", "Hello,"),
    "pt": ("Oi, pessoal!", "Olá, equipe,", "Oi, tudo bem?"),
    "ja": ("ご担当者様", "お世話になっております。", "ご連絡ありがとうございます。"),
}
CLOSING = {
    "de": ("Liebe Grüße\n{person}", "Viele Grüße\n{person}"),
    "en": ("Best regards\n{person}", "Kind regards\n{person}"),
    "pt": ("Um abraço,\n{person}", "Atenciosamente,\n{person}"),
    "ja": ("よろしくお願いいたします。\n{person}",),
}
ACCEPT = {
    "de": (
        "Gerne, ich bin dabei. Das Honorar passt für mich.",
        "Klingt super, ich mache mit!",
        "Vielen Dank für die Anfrage, ich sage zu. Schickt mir gern das Briefing.",
    ),
    "en": ("I'm in. The fee works for me.", "Sounds great, count me in!", "Happy to accept. Please send me the brief."),
    "pt": (
        "Topo! O cachê está ótimo para mim.",
        "Adorei a proposta, aceito participar!",
        "Fechado, pode contar comigo. Podem mandar o briefing.",
    ),
    "ja": (
        "ぜひお受けしたいと思います。金額も問題ありません。",
        "喜んで参加させていただきます。",
        "ご提案をお受けいたします。詳細をお送りください。",
    ),
}
COUNTER = {
    "de": (
        "Grundsätzlich gern, aber der Aufwand ist größer. Für {amount} EUR mache ich es.",
        "Klingt spannend! Mein Preis dafür liegt bei {amount} EUR. Geht das?",
    ),
    "en": (
        "I'd love to, but it is more work than that. I can do it for {amount} EUR.",
        "Sounds exciting! My rate for this is {amount} EUR. Would that work?",
    ),
    "pt": (
        "Gostei da ideia, mas dá mais trabalho do que isso. Faço por {amount} EUR.",
        "Parece ótimo! Meu valor para isso é {amount} EUR. Pode ser?",
    ),
    "ja": (
        "興味はあるのですが、作業量を考えると {amount} EUR でお願いできますでしょうか。",
        "ありがとうございます。この内容でしたら {amount} EUR でお受けできます。",
    ),
}
DECLINE = {
    "de": (
        "Vielen Dank, aber das passt leider nicht zu meinem Kanal.",
        "Danke für die Anfrage, ich muss leider absagen.",
        "Leider habe ich in der Zeit keine Kapazität.",
    ),
    "en": (
        "Thank you, but I'm afraid this isn't a fit for my channel.",
        "I appreciate the offer but I have to decline.",
        "Unfortunately I'm fully booked at that time, so I'll pass.",
    ),
    "pt": (
        "Obrigado, mas infelizmente não combina com o meu canal.",
        "Agradeço o convite, mas vou ter que recusar.",
        "Infelizmente estou sem agenda nesse período, então não vou participar.",
    ),
    "ja": (
        "大変ありがたいお話ですが、今回は見送らせていただきます。",
        "申し訳ありませんが、チャンネルの方向性と合わないためお断りいたします。",
        "残念ながらその時期は予定が埋まっており、お受けできません。",
    ),
}
DECLINE_LOW = {
    "de": "Für diesen Betrag kann ich das leider nicht machen, ich sage ab.",
    "en": "I can't do this for that amount, so I have to decline.",
    "pt": "Por esse valor infelizmente não consigo, vou recusar.",
    "ja": "申し訳ありませんが、その金額ではお受けできませんのでお断りいたします。",
}
NO_MORE_MAIL = {
    "de": "Bitte schreibt mir keine weiteren Anfragen.",
    "en": "Please do not send me further requests.",
    "pt": "Por favor, não me enviem mais propostas.",
    "ja": "今後のご案内は不要です。",
}
DRAFT_INTRODUCTION = {
    "de": ("hier ist mein Entwurf:", "anbei mein Entwurf für euch:"),
    "en": ("here is my draft:", "please find my draft below:"),
    "pt": ("segue o meu rascunho:", "aqui está o rascunho:"),
    "ja": ("原稿をお送りします。ご確認ください。",),
}
REVISED_INTRODUCTION = {
    "de": "danke für die Rückmeldung, hier die überarbeitete Fassung:",
    "en": "thanks for the feedback, here is the revised draft:",
    "pt": "obrigado pelo retorno, segue a versão corrigida do rascunho:",
    "ja": "ご指摘ありがとうございます。修正した原稿です。",
}
LABELS = {
    "de": ("Titel", "Beschreibung"),
    "en": ("Title", "Description"),
    "pt": ("Título", "Descrição"),
    "ja": ("タイトル", "概要欄"),
}
FIXED = {
    "de": "ist korrigiert, danke für den Hinweis!",
    "en": "it's fixed now, thanks for letting me know!",
    "pt": "já corrigi, obrigado pelo aviso!",
    "ja": "修正いたしました。ご連絡ありがとうございました。",
}
PROMOTION = {
    "de": (
        "In diesem Video stelle ich euch {brand} vor, den App-Store, in dem ich gerade ständig stöbere.",
        "Ich habe {brand} ausprobiert und zeige euch, was der App-Store kann.",
    ),
    "en": (
        "In this video I show you {brand}, the app store I keep browsing lately.",
        "I tried {brand} and show you what this app store can do.",
    ),
    "pt": (
        "Neste vídeo eu mostro a {brand}, a loja de aplicativos que não sai do meu celular.",
        "Testei a {brand} e mostro o que essa loja de aplicativos faz.",
    ),
    "ja": (
        "今回は最近よく使っているアプリストア「{brand}」を紹介します。",
        "アプリストア「{brand}」を実際に使ってみました。",
    ),
}
LINK_LINE = {
    "de": "Hier geht's lang: {link}",
    "en": "Try it here: {link}",
    "pt": "Experimente aqui: {link}",
    "ja": "こちらから：{link}",
}
CODE_LINE = {"de": "Mein Code: {code}", "en": "My code: {code}", "pt": "Meu código: {code}", "ja": "コード：{code}"}
SPONSORED_TITLE = {
    "dedicated_video": {
        "de": "{brand} im großen Test – {topic}",
        "en": "I tried {brand} – {topic}",
        "pt": "Testei a {brand} – {topic}",
        "ja": "【{topic}】{brand}を使ってみた",
    },
    "short": {
        "de": "{brand} in 30 Sekunden",
        "en": "{brand} in 30 seconds",
        "pt": "{brand} em 30 segundos",
        "ja": "30秒でわかる{brand}",
    },
    "giveaway": {
        "de": "Gewinnspiel mit {brand}!",
        "en": "Giveaway with {brand}!",
        "pt": "Sorteio com a {brand}!",
        "ja": "{brand}とプレゼント企画！",
    },
    "live_stream": {
        "de": "LIVE: {topic} mit {brand}",
        "en": "LIVE: {topic} with {brand}",
        "pt": "AO VIVO: {topic} com a {brand}",
        "ja": "【生配信】{topic}と{brand}",
    },
}
WROTE = {
    "de": "Am {day:02d}.{month:02d}.{year} um {hour:02d}:{minute:02d} schrieb {name} <{address}>:",
    "en": "On {weekday}, {month_name} {day}, {year} at {hour:02d}:{minute:02d} {name} <{address}> wrote:",
    "pt": "Em {day:02d}/{month:02d}/{year} às {hour:02d}:{minute:02d}, {name} <{address}> escreveu:",
    "ja": "{year}年{month}月{day}日({weekday_ja}) {hour}:{minute:02d} {name} <{address}>:",
}
BOUNCE = (
    "The following message to <{address}> was undeliverable.\n"
    "The reason for the problem:\n5.1.1 - Bad destination mailbox address: no such user here\n"
)
