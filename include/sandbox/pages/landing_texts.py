"""What the app page says, in the language of each market."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.model import LANGUAGE_OF_MARKET


@dataclass(frozen=True)
class LandingTexts:
    """One language of the app page."""

    language: str
    banner: str
    claim: str
    lead: str
    points: tuple[tuple[str, str], ...]
    code_label: str
    code_hint: str
    actions: Mapping[str, str]
    """Conversion kind to the button's words, in the order of the page."""
    notes: Mapping[str, str]
    """Conversion kind to the line under the button."""
    thanks: Mapping[str, str]
    order_number: str
    back: str
    refused_title: str
    refused: str
    down_title: str
    down: str


ENGLISH = LandingTexts(
    language="en",
    banner="Sandbox world: nothing here is real",
    claim="The app store that plays fair.",
    lead="Aptovia brings games and apps to your Android phone, checked by people, without an account, and with every "
    "purchase worth points you can spend again.",
    points=(
        ("Checked twice", "Each app is scanned and tried by a person before you see it."),
        ("Points on everything", "Up to 20% of each purchase comes back to you."),
        ("Older versions too", "A new version spoiled it? Go back with one tap."),
    ),
    code_label="Promo code",
    code_hint="from the video you came from",
    actions={"install": "Install", "sign_up": "Sign up", "purchase": "Buy the starter pack"},
    notes={"install": "Free, 14 MB", "sign_up": "500 points to begin with", "purchase": "One payment, no subscription"},
    thanks={
        "install": "Installed. Have fun!",
        "sign_up": "Welcome! Your 500 points are waiting.",
        "purchase": "Thank you for your purchase!",
        "other": "Thank you!",
    },
    order_number="Number",
    back="Back to the app page",
    refused_title="That did not work",
    refused="Please check the promo code and try again.",
    down_title="We will be right back",
    down="The app page is out of order at the moment. Please try again later.",
)
GERMAN = LandingTexts(
    language="de",
    banner="Sandbox-Welt: hier ist nichts echt",
    claim="Der App-Store, der fair spielt.",
    lead="Aptovia bringt Spiele und Apps auf dein Android-Handy: von Menschen geprüft, ohne Konto, und jeder Kauf "
    "bringt Punkte, die du wieder ausgeben kannst.",
    points=(
        ("Doppelt geprüft", "Jede App wird gescannt und von einem Menschen ausprobiert, bevor du sie siehst."),
        ("Punkte auf alles", "Bis zu 20 % jedes Kaufs kommen zu dir zurück."),
        ("Auch ältere Versionen", "Das Update gefällt dir nicht? Ein Tipp, und du bist zurück."),
    ),
    code_label="Gutscheincode",
    code_hint="aus dem Video, von dem du kommst",
    actions={"install": "Installieren", "sign_up": "Registrieren", "purchase": "Starterpaket kaufen"},
    notes={"install": "Kostenlos, 14 MB", "sign_up": "500 Punkte zum Start", "purchase": "Einmal zahlen, kein Abo"},
    thanks={
        "install": "Installiert. Viel Spaß!",
        "sign_up": "Willkommen! Deine 500 Punkte warten.",
        "purchase": "Danke für deinen Einkauf!",
        "other": "Danke!",
    },
    order_number="Nummer",
    back="Zurück zur App-Seite",
    refused_title="Das hat nicht geklappt",
    refused="Bitte prüfe den Gutscheincode und versuche es noch einmal.",
    down_title="Wir sind gleich wieder da",
    down="Die App-Seite ist gerade gestört. Bitte versuche es später noch einmal.",
)
PORTUGUESE = LandingTexts(
    language="pt",
    banner="Mundo sandbox: nada aqui é real",
    claim="A loja de apps que joga limpo.",
    lead="A Aptovia leva jogos e apps para o seu Android: verificados por pessoas, sem precisar de conta, e cada "
    "compra rende pontos para usar de novo.",
    points=(
        ("Verificado duas vezes", "Cada app é escaneado e testado por uma pessoa antes de chegar até você."),
        ("Pontos em tudo", "Até 20% de cada compra volta para você."),
        ("Versões antigas também", "Não gostou da atualização? Volte com um toque."),
    ),
    code_label="Código promocional",
    code_hint="do vídeo que trouxe você até aqui",
    actions={"install": "Instalar", "sign_up": "Criar conta", "purchase": "Comprar o pacote inicial"},
    notes={
        "install": "Grátis, 14 MB",
        "sign_up": "500 pontos para começar",
        "purchase": "Pagamento único, sem assinatura",
    },
    thanks={
        "install": "Instalado. Divirta-se!",
        "sign_up": "Boas-vindas! Seus 500 pontos já estão aqui.",
        "purchase": "Obrigado pela compra!",
        "other": "Obrigado!",
    },
    order_number="Número",
    back="Voltar para a página do app",
    refused_title="Não deu certo",
    refused="Confira o código promocional e tente de novo.",
    down_title="Voltamos já",
    down="A página do app está fora do ar no momento. Tente de novo mais tarde.",
)
JAPANESE = LandingTexts(
    language="ja",
    banner="サンドボックスの世界：ここにあるものはすべて架空です",
    claim="フェアに楽しめるアプリストア。",
    lead="Aptoviaは、人の目で確かめたゲームとアプリをあなたのAndroidに届けます。アカウント登録は不要。"
    "お買い物のたびに、また使えるポイントが貯まります。",
    points=(
        ("二重のチェック", "すべてのアプリをスキャンし、人が実際に試してから公開します。"),
        ("いつでもポイント", "お買い上げの最大20％が戻ってきます。"),
        ("旧バージョンも", "更新が気に入らなければ、ワンタップで元に戻せます。"),
    ),
    code_label="プロモーションコード",
    code_hint="ご覧になった動画で紹介されたコード",
    actions={"install": "インストール", "sign_up": "会員登録", "purchase": "スターターパックを購入"},
    notes={"install": "無料・14 MB", "sign_up": "はじめに500ポイント", "purchase": "買い切り・定期購入なし"},
    thanks={
        "install": "インストールしました。お楽しみください！",
        "sign_up": "ようこそ！500ポイントをお受け取りください。",
        "purchase": "お買い上げありがとうございます！",
        "other": "ありがとうございます！",
    },
    order_number="番号",
    back="アプリのページに戻る",
    refused_title="処理できませんでした",
    refused="プロモーションコードをご確認のうえ、もう一度お試しください。",
    down_title="まもなく再開します",
    down="アプリのページは現在ご利用いただけません。しばらくしてからもう一度お試しください。",
)
BY_LANGUAGE = {texts.language: texts for texts in (ENGLISH, GERMAN, PORTUGUESE, JAPANESE)}


def texts_of(market: str) -> LandingTexts:
    """The texts of a market; English where no language is known."""
    return BY_LANGUAGE.get(LANGUAGE_OF_MARKET.get(market, "en"), ENGLISH)
