"""Fields for our mails."""

from mardev.briefs.mails import FIELDS, MailKind

LISTS = {
    "mandatory_points": ["Aptovia is an app store without accounts", "Everything is scanned before it is listed"],
    "forbidden_claims": ["the safest app store"],
    "changes": ["The link is missing; please add https://go.example/x7k"],
    "signed_names": ["Lena Spielt", "ゲームのユウ"],
    "options": ["Sign", "Send back"],
}
TEXTS = {
    "creator": "Mira Plays",
    "brand": "Aptovia",
    "campaign": "Autumn apps",
    "difference": "The app store that needs no account.",
    "integration": "Integrated mention",
    "fee": "250.00 EUR",
    "reference": "autumn-apps/UC123",
    "answer_by": "2026-10-12",
    "draft_by": "2026-10-16",
    "window_from": "2026-10-19",
    "window_to": "2026-10-24",
    "reason": "",
    "sender": "Mia Keller",
    "footer": "",
    "disclosure": "Anzeige",
    "disclosure_hint": "",
    "link": "https://go.example/x7k",
    "code": "MRA4K7P",
    "post_title": "Aptovia in 30 seconds",
    "post_url": "https://video.example/watch?v=1",
    "person": "Mia",
    "subject": "sign the plan",
    "summary": "The plan reaches 90,000 people for 2,000 EUR.",
    "page_url": "https://mardev.example/mardev/iterations/autumn-apps/plan",
}


def mail_fields(kind: MailKind, **more: object) -> dict[str, object]:
    """What a mail of that kind needs, filled in."""
    return {name: (LISTS | TEXTS)[name] for name in FIELDS[kind]} | more
