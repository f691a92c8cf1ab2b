"""Names of persons and channels in four cultures, from lists of our own."""

import re
import unicodedata

from sandbox.hashing import chance, number, pick, unit


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _spelled(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of `written/latin`."""
    return tuple((written, latin) for written, _, latin in (pair.partition("/") for pair in text.split()))


GIVEN = {
    "de": _words(
        """
        Lena Jonas Mia Finn Emil Clara Paul Hannah Luca Marie Ben Sophie Felix Johanna Moritz Greta Anton
        Frieda Max Ida Oskar Nele Theo Leonie Jakob Carla Tim Pia Erik Svenja Niklas Merle Hendrik Thea
        Bastian Wiebke Kai Ronja Malte Annika Florian Jule Tobias Lotte Marvin Elif Deniz Aylin Sven Katja
        Ole Rieke Lennart Tilda Konrad Alina
        """
    ),
    "en": _words(
        """
        Ava Noah Zoe Liam Ruby Ethan Chloe Mason Grace Owen Nora Caleb Ivy Wyatt Hazel Miles Stella Jasper
        Maya Dylan Naomi Trevor Imani Andre Priya Marcus Jade Tyler Sienna Cole Harper Malik Quinn Bryce
        Talia Devon Skye Rowan Elena Omar Kira Brandon Lucia Travis Faye Jordan Willa Hugo Paige Reggie Dana
        Kelvin Monroe Tessa Amir Bianca
        """
    ),
    "pt": _words(
        """
        Ana Joao Beatriz Pedro Larissa Rafael Camila Lucas Mariana Thiago Julia Gustavo Leticia Bruno
        Fernanda Caio Isabela Vinicius Gabriela Renan Bruna Diego Vitoria Matheus Carolina Igor Luana Felipe
        Amanda Murilo Yasmin Otavio Sabrina Danilo Priscila Henrique Raissa Leandro Manuela Davi Tainara
        Enzo Rebeca Samuel Milena Arthur Bia Cauã Jade Wesley Nicole Ramon Elisa Breno Talita Hugo
        """
    ),
}
FAMILY = {
    "de": _words(
        """
        Hoffmann Becker Krüger Vogt Lindner Brandt Schäfer Wolff Neumann Seidel Kaiser Albrecht Böhm Ritter
        Pohl Jäger Sommer Dietrich Engel Winkler Busch Horn Kuhn Arnold Roth Bergmann Thiele Fuchs Yilmaz
        Voss Marquardt Petersen Steinbach Kessler Hartwig Lorenz Reuter Nowak Ebert Stahl Moser Hansen Rauch
        Zander Wendt Falk
        """
    ),
    "en": _words(
        """
        Carter Bennett Hayes Morales Brooks Sullivan Price Coleman Reyes Foster Dawson Nguyen Walsh Parker
        Bryant Hawkins Delgado Pierce Whitman Osborne Chandler Grant Kapoor Sutton Marsh Barrett Holloway
        Vega Fleming Tran Lowell Kendrick Mercer Abbott Dalton Pruitt Langley Rhodes Castillo Underhill
        Banks Tate Monroe Ferris Quigley
        """
    ),
    "pt": _words(
        """
        Silva Souza Oliveira Santos Almeida Barbosa Cardoso Ribeiro Moreira Carvalho Teixeira Nogueira
        Pinheiro Farias Azevedo Batista Campos Duarte Freitas Guimarães Macedo Monteiro Peixoto Queiroz
        Rezende Sampaio Tavares Vasconcelos Xavier Bezerra Coutinho Furtado Lacerda Menezes Novaes Pacheco
        Sales Torres Viana Amaral
        """
    ),
}
JAPANESE_FAMILY = _spelled(
    """
    佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe
    山本/yamamoto 中村/nakamura 小林/kobayashi 加藤/kato 吉田/yoshida
    山田/yamada 松本/matsumoto 井上/inoue 木村/kimura 清水/shimizu 山崎/yamazaki
    森/mori 池田/ikeda 橋本/hashimoto 石川/ishikawa 前田/maeda 藤田/fujita
    岡田/okada 後藤/goto 長谷川/hasegawa 村上/murakami 近藤/kondo 石井/ishii
    坂本/sakamoto 遠藤/endo 青木/aoki 藤井/fujii 西村/nishimura 福田/fukuda
    三浦/miura 中島/nakajima 原田/harada 小野/ono 竹内/takeuchi
    """
)
JAPANESE_GIVEN = _spelled(
    """
    陽菜/hina 結衣/yui 葵/aoi 凛/rin 美咲/misaki 桜/sakura 莉子/riko 優奈/yuna
    彩花/ayaka 真央/mao 千夏/chinatsu 楓/kaede 蓮/ren 悠斗/yuto 大和/yamato
    湊/minato 陸/riku 颯太/sota 健太/kenta 翔/sho 大輔/daisuke 拓海/takumi
    直樹/naoki 亮/ryo 隼人/hayato 海斗/kaito 涼介/ryosuke 智也/tomoya 和也/kazuya
    雄大/yudai 奈々/nana 愛/ai 千尋/chihiro 遥/haruka 萌/moe 美月/mizuki
    光/hikaru 樹/itsuki 航/wataru 誠/makoto
    """
)
CHANNEL_WORDS = {
    ("gamers", "de"): "Zockt Spielt Gaming Pixelecke Zockerbude Daddelt Respawn",
    ("gamers", "en"): "Plays Gaming Respawns LootRoom Quests PixelDen Speedruns",
    ("gamers", "pt"): "Joga Gamer GamePlay Respawn NaPartida Zerando Pixelado",
    ("gamers", "ja"): "のゲーム部屋/game ゲーム実況/jikkyo の遊び場/asobiba ゲームch/gamech の冒険/boken",
    ("android", "de"): "Technik Testet Androide AppCheck Handyecke Digital Schraubt",
    ("android", "en"): "Tech DroidLab Unboxed AppBench Reviews Gadgets Pocketlab",
    ("android", "pt"): "Tech Droid Testa NoAndroid AppsDoDia Gadgets Digital",
    (
        "android",
        "ja",
    ): "のスマホ研究所/sumaho のアプリ手帖/apps ガジェット通信/gadget のアンドロイド塾/droid テックch/tech",
    ("entertainers", "de"): "Comedy Show Lacht Quatscht Challenge Unfug Vlog",
    ("entertainers", "en"): "Show Laughs Sketches Challenges Pranks Live Vlogs",
    ("entertainers", "pt"): "Show Risadas Desafios Comedia Zoeira AoVivo Vlog",
    (
        "entertainers",
        "ja",
    ): "のお笑い劇場/owarai チャレンジ/challenge のバラエティ/variety の休日/kyujitsu コントch/conte",
    ("music", "de"): "Musik Klingt Beats Klangraum Singt Akustik",
    ("music", "en"): "Music Beats Sings Sessions Strings Loops",
    ("music", "pt"): "Musica Beats Canta Acustico NoPalco Sons",
    ("music", "ja"): "の音楽室/ongaku 弾いてみた/hiku の歌声/uta ビートch/beat",
    ("cooking", "de"): "Kocht Küche Backt Schmeckts Rezepte Topfgucker",
    ("cooking", "en"): "Cooks Kitchen Bakes Skillet Eats Pantry",
    ("cooking", "pt"): "Cozinha Receitas NaPanela Sabores Confeita Fogao",
    ("cooking", "ja"): "の台所/daidokoro ごはん帖/gohan のおやつ/oyatsu キッチン/kitchen",
    ("sport", "de"): "Läuft Fitness Trainiert Sporteck Ausdauer Fussball",
    ("sport", "en"): "Fitness Runs Trains Athletics Hoops Climbs",
    ("sport", "pt"): "Treina Fitness Corre Futebol NaQuadra Esporte",
    ("sport", "ja"): "の筋トレ/kintore ランニング部/run の運動場/undo スポーツch/sport",
    ("style", "de"): "Stil Schminkt Mode Trägt Look Kleiderschrank",
    ("style", "en"): "Style Glow Wardrobe Looks Beauty Threads",
    ("style", "pt"): "Estilo Makes Moda Looks Beleza Closet",
    ("style", "ja"): "のコスメ帖/cosme の着こなし/kikonashi 美容室/biyo メイクch/make",
}
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def latin_handle(text: str) -> str:
    """Lower-case ASCII letters and digits of a name."""
    spelled = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return re.sub(r"[^a-z0-9]", "", spelled.encode("ascii", "ignore").decode())


def person_and_channel(seed: int, entity: int, vertical: str, language: str) -> tuple[str, str, str]:
    """Person, channel title and handle of a creator; handles may still collide."""
    words = CHANNEL_WORDS[vertical, language].split()
    word = pick(words, seed, entity, "channel-word")
    if language == "ja":
        return _japanese(seed, entity, word)
    given = pick(GIVEN[language], seed, entity, "given")
    family = pick(FAMILY[language], seed, entity, "family")
    form = unit(seed, entity, "name-form")
    if form < 0.3:
        title = f"{given} {family}"
    elif form < 0.65:
        title = f"{given}{word}" if chance(0.6, seed, entity, "joined") else f"{given} {word}"
    elif form < 0.85:
        title = f"{family} {word}"
    else:
        title = f"{word} {('mit', 'with', 'com')[('de', 'en', 'pt').index(language)]} {given}"
    return f"{given} {family}", title, latin_handle(title)


def _japanese(seed: int, entity: int, word: str) -> tuple[str, str, str]:
    family, family_latin = pick(JAPANESE_FAMILY, seed, entity, "family")
    given, given_latin = pick(JAPANESE_GIVEN, seed, entity, "given")
    kana, latin = word.split("/")
    if unit(seed, entity, "name-form") < 0.35:
        return f"{family} {given}", f"{family} {given}", f"{given_latin}{family_latin}"
    return f"{family} {given}", f"{given}{kana}", f"{given_latin}{latin}"


def unique_handle(wanted: str, taken: set[str], seed: int, entity: int) -> str:
    """The wanted handle, with a short number when somebody has it already."""
    handle, attempt = wanted, 0
    while handle in taken:
        attempt += 1
        handle = f"{wanted}{number(seed, entity, 'handle', attempt) % 90 + 10 + 90 * (attempt // 4)}"
    taken.add(handle)
    return handle
