"""What the demo's people answer, and why. Each answers only what is theirs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mardev.domain.words import Role

DEFAULT_SUBJECT = "Decide"


@dataclass(frozen=True)
class Answering:
    """One person's answers by decision: option, reason, lesson."""

    person: str
    answers: Mapping[str, tuple[str, str]]
    lessons: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, str] = field(default_factory=dict)

    def option(self, decision_key: str) -> str:
        return self.answers[decision_key][0]

    def reason(self, decision_key: str) -> str:
        return self.answers[decision_key][1]

    def fields(self, decision_key: str) -> dict[str, str]:
        lesson = self.lessons.get(decision_key)
        return {"lesson": lesson} if lesson else {}

    def subject(self, decision_key: str) -> str:
        return self.subjects.get(decision_key, DEFAULT_SUBJECT)


ANSWERS: Mapping[Role, Answering] = {
    Role.MARKETING: Answering(
        person="mia",
        answers={
            "sign_plan_marketing": ("Sign", "The big names come first, and every row says why it is on the list."),
            "extend_plan": ("Accept", "Fewer creators than planned, but the right ones; we go on with them."),
            "go_live": ("Go live", "What is ready goes out; what is held stays behind and stops nobody."),
            "learn_marketing": ("Done", "Read together with IT, bone by bone."),
        },
        lessons={
            "learn_marketing": "Ask for the draft three days before the window opens, and write to late creators the "
            "day before, not the day after.",
        },
        subjects={
            "sign_plan_marketing": "Sign the creators, the message and the money?",
            "extend_plan": "Go on with fewer than signed?",
            "go_live": "Go live with what is ready?",
            "learn_marketing": "What did marketing learn?",
        },
    ),
    Role.TECHNOLOGY: Answering(
        person="ian",
        answers={
            "sign_plan_technology": ("Sign", "Every requirement is met before the flight starts."),
            "learn_technology": ("Done", "The figures match our own logs."),
        },
        lessons={
            "learn_technology": "Try the landing page of every market each hour during a flight, and call somebody at "
            "the second failure.",
        },
        subjects={
            "sign_plan_technology": "Sign the requirements, dates and readiness?",
            "learn_technology": "What did technology learn?",
        },
    ),
}


def answering_of(role: Role) -> Answering | None:
    """Who answers for a role in the demo; None when nobody does."""
    return ANSWERS.get(role)
