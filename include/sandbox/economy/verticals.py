"""What creators talk about: seven topical communities in four languages, three of them of interest to an app store."""

from dataclasses import dataclass

WIKIPEDIA = "https://en.wikipedia.org/wiki/"


@dataclass(frozen=True, slots=True)
class Vertical:
    """One topical community; texts by language."""

    key: str
    share: float
    """Share of all creators."""
    fit: float
    """How well an app store suits the audience on average, 0 to 1."""
    category_id: str
    topics: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    things: tuple[str, ...]
    titles: dict[str, tuple[str, ...]]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


VERTICALS: tuple[Vertical, ...] = (
    Vertical(
        "gamers",
        0.24,
        0.72,
        "20",
        (WIKIPEDIA + "Video_game_culture", WIKIPEDIA + "Action_game"),
        {
            "de": _split("Gaming|Mobile Games|Spiele|Zocken|Let's Play|Videospiele|Handyspiele"),
            "en": _split("gaming|mobile games|gameplay|let's play|esports|video games|gamers"),
            "pt": _split("jogos|jogos mobile|games|gameplay|gamers|jogos de celular|videogame"),
            "ja": _split("ゲーム実況|スマホゲーム|ゲーム|モバイルゲーム|攻略|eスポーツ|ゲーマー"),
        },
        _split(
            "Starfall Arena|Blockhaven|Drift Legends|Mossgate|Pocket Kingdoms|Neon Rally|Hexfront|Cinder Tactics|"
            "Lumen Quest|Turbo Tanuki|Skyforge Idle|Grimtide"
        ),
        {
            "de": _split(
                "{thing}: So schaffst du Level {n}|{n} Tipps für {thing}|Ich habe {thing} {n} Stunden gespielt|"
                "{thing} – lohnt sich das noch?|Let's Play {thing} #{n}|Die besten Handyspiele im {month}"
            ),
            "en": _split(
                "{thing}: how I beat level {n}|{n} tips for {thing}|I played {thing} for {n} hours|"
                "Is {thing} still worth it?|{thing} let's play #{n}|The best mobile games of {month}"
            ),
            "pt": _split(
                "{thing}: como passei da fase {n}|{n} dicas de {thing}|Joguei {thing} por {n} horas|"
                "{thing} ainda vale a pena?|{thing} gameplay #{n}|Os melhores jogos de celular de {month}"
            ),
            "ja": _split(
                "【{thing}】レベル{n}の攻略法|{thing}のコツ{n}選|{thing}を{n}時間遊んでみた|"
                "{thing}は今からでも楽しめる？|【{thing}実況】その{n}|{month}のおすすめスマホゲーム"
            ),
        },
    ),
    Vertical(
        "android",
        0.15,
        0.85,
        "28",
        (WIKIPEDIA + "Technology", WIKIPEDIA + "Android_(operating_system)"),
        {
            "de": _split("Android|Apps|Smartphone|Technik|App-Test|Handy|Gadgets"),
            "en": _split("android|apps|smartphone|tech|app review|phones|gadgets"),
            "pt": _split("android|aplicativos|celular|tecnologia|apps|smartphone|gadgets"),
            "ja": _split("アンドロイド|アプリ|スマホ|ガジェット|アプリ紹介|Android|テック"),
        },
        _split("Nuvo 7|Halden X|Kumo Fold|Tarn 12 Pro|Plexa One|Orbit Note|Rill 5|Vanta S|Bento Phone|Lark Mini"),
        {
            "de": _split(
                "{n} Apps, die du kennen musst|{thing} im Test|Android-Tricks, die kaum jemand kennt|"
                "{thing} nach {n} Tagen|App-Stores im Vergleich|Die besten Apps im {month}"
            ),
            "en": _split(
                "{n} apps you should know|{thing} review|Android tricks hardly anyone knows|"
                "{thing} after {n} days|App stores compared|Best apps of {month}"
            ),
            "pt": _split(
                "{n} apps que você precisa conhecer|Testei o {thing}|Truques de Android que ninguém conta|"
                "{thing} depois de {n} dias|Comparando lojas de aplicativos|Os melhores apps de {month}"
            ),
            "ja": _split(
                "知っておきたいアプリ{n}選|{thing}をレビュー|意外と知らないAndroidの裏技|"
                "{thing}を{n}日使ってみた|アプリストアを比べてみた|{month}のおすすめアプリ"
            ),
        },
    ),
    Vertical(
        "entertainers",
        0.19,
        0.55,
        "24",
        (WIKIPEDIA + "Entertainment", WIKIPEDIA + "Humour"),
        {
            "de": _split("Unterhaltung|Comedy|Challenge|Vlog|Show|Humor|Entertainer"),
            "en": _split("entertainment|comedy|challenge|vlog|show|humor|entertainers"),
            "pt": _split("entretenimento|comédia|desafio|vlog|show|humor|diversão"),
            "ja": _split("エンタメ|お笑い|チャレンジ|バラエティ|コント|日常|エンターテイナー"),
        },
        _split(
            "Mystery Box|Night Market|Roommate Swap|Silent Dinner|One Euro|Elevator|Karaoke Bus|Blindfold|Flea Market"
        ),
        {
            "de": _split(
                "{n} Stunden {thing} Challenge|Wer zuletzt lacht: {thing}|{thing} – das ging schief|"
                "Ich sage {n} Tage lang Ja|{thing} mit meinen Freunden|Wir testen eure Ideen #{n}"
            ),
            "en": _split(
                "{n} hours {thing} challenge|Last to laugh: {thing}|{thing} – this went wrong|"
                "Saying yes for {n} days|{thing} with my friends|We try your ideas #{n}"
            ),
            "pt": _split(
                "{n} horas de desafio {thing}|Quem rir por último: {thing}|{thing} – deu errado|"
                "Dizendo sim por {n} dias|{thing} com meus amigos|Testando as ideias de vocês #{n}"
            ),
            "ja": _split(
                "{thing}で{n}時間チャレンジ|笑ったら負け：{thing}|{thing}やってみたら大変なことに|"
                "{n}日間なんでも「はい」と答える|友達と{thing}|みんなのアイデアやってみた その{n}"
            ),
        },
    ),
    Vertical(
        "music",
        0.11,
        0.25,
        "10",
        (WIKIPEDIA + "Music",),
        {
            "de": _split("Musik|Cover|Gitarre|Beats|Singen|Konzert"),
            "en": _split("music|cover|guitar|beats|singing|live"),
            "pt": _split("música|cover|violão|beats|canto|ao vivo"),
            "ja": _split("音楽|歌ってみた|ギター|作曲|弾き語り|ライブ"),
        },
        _split("Harbour Lights|Paper Moon|Afterglow|Ninth Street|Velvet Rain|Kite Song|Slow Train"),
        {
            "de": _split("{thing} (Akustik-Cover)|Gitarre lernen Teil {n}|Beat in {n} Minuten|{thing} live"),
            "en": _split("{thing} (acoustic cover)|Learn guitar part {n}|A beat in {n} minutes|{thing} live"),
            "pt": _split("{thing} (cover acústico)|Aprenda violão parte {n}|Um beat em {n} minutos|{thing} ao vivo"),
            "ja": _split("{thing}を弾き語り|ギター講座 第{n}回|{n}分でビートを作る|{thing}ライブ"),
        },
    ),
    Vertical(
        "cooking",
        0.11,
        0.2,
        "26",
        (WIKIPEDIA + "Food",),
        {
            "de": _split("Kochen|Rezepte|Backen|Küche|Vegan|Essen"),
            "en": _split("cooking|recipes|baking|kitchen|vegan|food"),
            "pt": _split("receitas|cozinha|culinária|bolos|comida|vegano"),
            "ja": _split("料理|レシピ|お菓子作り|お弁当|ごはん|台所"),
        },
        _split("Ramen|Feijoada|Sauerteig|Tacos|Mochi|Gnocchi|Curry|Moqueca|Pierogi|Okonomiyaki"),
        {
            "de": _split("{thing} in {n} Minuten|{thing} wie bei Oma|{n} schnelle Rezepte|Mein bestes {thing}"),
            "en": _split("{thing} in {n} minutes|{thing} like grandma's|{n} quick recipes|My best {thing} yet"),
            "pt": _split("{thing} em {n} minutos|{thing} da vovó|{n} receitas rápidas|Meu melhor {thing}"),
            "ja": _split("{n}分で{thing}|おばあちゃんの{thing}|時短レシピ{n}選|最高の{thing}"),
        },
    ),
    Vertical(
        "sport",
        0.1,
        0.3,
        "17",
        (WIKIPEDIA + "Sport", WIKIPEDIA + "Physical_fitness"),
        {
            "de": _split("Sport|Fitness|Training|Laufen|Fußball|Workout"),
            "en": _split("sport|fitness|training|running|workout|soccer"),
            "pt": _split("esporte|fitness|treino|corrida|futebol|academia"),
            "ja": _split("スポーツ|筋トレ|ランニング|サッカー|ダイエット|運動"),
        },
        _split("Plank|10K|Full Body|Burpees|Hill Run|Core|HIIT|Pull-ups"),
        {
            "de": _split(
                "{thing} Workout in {n} Minuten|{n} Tage {thing}|Mein Trainingsplan #{n}|{thing} für Einsteiger"
            ),
            "en": _split(
                "{thing} workout in {n} minutes|{n} days of {thing}|My training plan #{n}|{thing} for beginners"
            ),
            "pt": _split("Treino {thing} em {n} minutos|{n} dias de {thing}|Meu treino #{n}|{thing} para iniciantes"),
            "ja": _split("{n}分{thing}トレーニング|{thing}を{n}日続けた結果|トレーニング日記{n}|初心者の{thing}"),
        },
    ),
    Vertical(
        "style",
        0.1,
        0.3,
        "26",
        (WIKIPEDIA + "Fashion", WIKIPEDIA + "Lifestyle_(sociology)"),
        {
            "de": _split("Mode|Beauty|Schminken|Outfit|Stil|Secondhand"),
            "en": _split("fashion|beauty|makeup|outfit|style|thrift"),
            "pt": _split("moda|beleza|maquiagem|looks|estilo|brechó"),
            "ja": _split("コスメ|メイク|ファッション|美容|コーデ|古着"),
        },
        _split("Herbst|Denim|Glow|Thrift|Capsule|Vintage|Office|Festival"),
        {
            "de": _split("{n} {thing}-Looks|Meine {thing}-Routine|{thing} Haul #{n}|So trage ich {thing}"),
            "en": _split("{n} {thing} looks|My {thing} routine|{thing} haul #{n}|How I wear {thing}"),
            "pt": _split("{n} looks {thing}|Minha rotina {thing}|{thing} haul #{n}|Como eu uso {thing}"),
            "ja": _split("{thing}コーデ{n}選|私の{thing}ルーティン|{thing}購入品 その{n}|{thing}の着こなし"),
        },
    ),
)
BY_KEY = {vertical.key: vertical for vertical in VERTICALS}
MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "pt": [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    "ja": [f"{month}月" for month in range(1, 13)],
}
