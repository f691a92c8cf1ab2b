"""What people call a column, in the languages of the markets. Data: a word more here is all a new spelling needs.

Words are compared in lower case, without accents, blanks and signs. A platform's own name as a header is a link to it.
"""

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


CHANNEL_WORDS: Mapping[str, tuple[str, ...]] = {
    "external_id": _words(
        "id|channel id|channelid|external id|user id|account id|kanal id|id do canal|id canal|"
        "id del canal|id de la chaine|id de chaine|チャンネルid|ユーザーid|channel key|creator id"
    ),
    "platform": _words(
        "platform|network|social network|plattform|netzwerk|plataforma|rede|rede social|red|"
        "red social|plateforme|reseau|reseau social|プラットフォーム|媒体|平台"
    ),
    "handle": _words(
        "handle|username|user name|user|screen name|login|account|benutzername|nutzername|usuario|"
        "nome de usuario|nombre de usuario|cuenta|conta|identifiant|nom d'utilisateur|compte|"
        "ユーザー名|アカウント|ハンドル|用户名"
    ),
    "url": _words(
        "url|link|channel url|channel link|profile|profile url|website|kanal url|kanallink|profil|"
        "kanal link|enlace|perfil|lien|lien de la chaine|adresse|リンク|チャンネルurl|链接"
    ),
    "title": _words(
        "name|title|channel|channel name|channel title|creator|creator name|influencer|label|kanal|"
        "kanalname|kanaltitel|titel|ersteller|canal|nome|nome do canal|titulo|criador|nombre|"
        "nombre del canal|creador|nom|titre|chaine|nom de la chaine|createur|名前|チャンネル|"
        "チャンネル名|クリエイター|名称|频道|influenciador|influenceur"
    ),
    "description": _words("description|about|bio|notes|beschreibung|descricao|descripcion|説明|概要|简介|sobre"),
    "country": _words(
        "country|market|country code|region|land|markt|pais|mercado|pays|marche|国|国名|地域|国家|"
        "laendercode|landercode|codigo do pais|codigo de pais"
    ),
    "language": _words("language|lang|locale|sprache|idioma|lingua|langue|言語|语言|lengua"),
    "topics": _words(
        "topics|topic|category|categories|niche|vertical|tags|keywords|thema|themen|kategorie|"
        "kategorien|topicos|topico|categoria|categorias|tema|temas|nicho|sujet|sujets|categorie|"
        "thematique|トピック|カテゴリ|カテゴリー|ジャンル|分类"
    ),
    "email": _words(
        "email|e-mail|mail|email address|contact|contact email|business email|kontakt|mailadresse|"
        "contato|correo|correo electronico|contacto|courriel|adresse mail|メール|メールアドレス|"
        "連絡先|邮箱"
    ),
    "contact_kind": _words("contact kind|contact type|kontaktart|tipo de contato|tipo de contacto|連絡先種別"),
    "subscribers": _words(
        "subscribers|followers|subscriber count|follower count|subs|fans|audience|abonnenten|"
        "follower|abonnentenzahl|inscritos|seguidores|assinantes|suscriptores|abonnes|"
        "nombre d'abonnes|登録者数|チャンネル登録者数|フォロワー|フォロワー数|粉丝|粉丝数|"
        "number of subscribers|anzahl abonnenten"
    ),
    "total_views": _words(
        "total views|views|view count|all views|aufrufe|gesamtaufrufe|aufrufe gesamt|visualizacoes|"
        "total de visualizacoes|visualizaciones|vistas|vues|nombre de vues|vues totales|再生数|"
        "総再生数|総再生回数|再生回数|播放量"
    ),
    "post_count": _words(
        "posts|videos|post count|video count|uploads|number of videos|beitraege|beitrage|"
        "anzahl videos|publicacoes|publicaciones|publications|nombre de videos|投稿数|動画数|视频数"
    ),
    "average_daily_views": _words(
        "average daily views|daily views|views per day|views a day|avg daily views|aufrufe pro tag|"
        "tagliche aufrufe|taegliche aufrufe|visualizacoes por dia|visualizaciones por dia|"
        "vistas por dia|vues par jour|1日あたりの再生数|日平均再生数"
    ),
    "views_per_post": _words(
        "views per post|views per video|average views|avg views|mean views|aufrufe pro video|"
        "durchschnittliche aufrufe|visualizacoes por video|media de visualizacoes|"
        "visualizaciones por video|promedio de vistas|vues par video|vues moyennes|平均再生数|"
        "平均再生回数"
    ),
    "created_at": _words(
        "created|created at|joined|since|erstellt|erstellt am|criado em|creado|creado el|cree le|"
        "date de creation|開設日|作成日"
    ),
}
EDGE_WORDS: Mapping[str, tuple[str, ...]] = {
    "source": _words(
        "source|from|follower|src|source channel key|who|quelle|von|folgt|origem|seguidor|origen|"
        "origine|abonne|フォローする人|元"
    ),
    "target": _words(
        "target|to|followed|followee|dst|target channel key|whom|ziel|nach|wem|destino|seguido|cible|"
        "suivi|フォロー先|先"
    ),
    "kind": _words("kind|evidence kind|relation|art|tipo|genre|種類"),
    "weight": _words("weight|strength|gewicht|peso|poids|重み"),
    "first_seen_at": _words("first seen|first seen at|erstmals gesehen|visto primeiro|primera vez|初見"),
    "last_seen_at": _words("last seen|last seen at|zuletzt gesehen|visto por ultimo|ultima vez|最終確認"),
    "evidence": _words("evidence|proof|beleg|evidencia|preuve|根拠"),
    "platform": CHANNEL_WORDS["platform"],
}
PLATFORM_HEADERS: Mapping[str, str] = {
    name: platform
    for platform, names in {
        "youtube": _words("youtube|you tube|yt|youtube channel|youtube url|youtube link|youtube kanal|ユーチューブ"),
        "twitch": _words("twitch|twitch channel|twitch url"),
        "bluesky": _words("bluesky|bsky|bluesky handle"),
        "mastodon": _words("mastodon|mastodon handle"),
        "instagram": _words("instagram|insta|ig|instagram url|instagram handle"),
        "tiktok": _words("tiktok|tik tok|tiktok url|tiktok handle"),
        "x": _words("x|twitter|twitter handle"),
    }.items()
    for name in names
}

MISSING = frozenset(
    _words(
        "|-|--|–|—|.|..|?|n/a|n.a.|na|n/d|nd|s/d|k.a.|k. a.|null|none|nan|nil|nichts|leer|sin datos|"
        "sem dados|inconnu|unknown|unbekannt|desconhecido|desconocido|なし|不明|未知|无|該当なし"
    )
)
SPREADSHEET_ERRORS = frozenset(
    _words(
        "#####|########|#bezug!|#calc!|#div/0!|#error!|#getting_data|#n/a|#name?|#nom?|#nombre?|"
        "#nome?|#null!|#num!|#nv|#ref!|#spill!|#valeur!|#valor!|#value!|#wert!|#zahl!"
    )
)
HIDDEN = frozenset(
    _words("cache|hidden|masque|oculta|oculto|privado|privat|private|prive|verborgen|versteckt|隐藏|非公開|非表示")
)
