"""Creators at their desk: what they do when a mail reaches them, and when something they planned is due."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from sandbox.economy.creators import Population
from sandbox.hashing import chance
from sandbox.incidents import Incidents
from sandbox.mail import compose
from sandbox.mail.post_office import PostOffice
from sandbox.model import Creator, StoredMail
from sandbox.people import phrases, writing
from sandbox.people.acquaintance import Acquaintance
from sandbox.people.agenda import Agenda, Task
from sandbox.people.deals import OPEN_STATES, Deal
from sandbox.people.deciding import REMINDER_WORKS_SHARE, Decision, decide
from sandbox.people.publishing import PublishingHouse
from sandbox.people.reading import ReadMail, message_id_of, read_mail
from sandbox.people.script import DemoScript

ANSWER_HOURS = (3.0, 40.0)
SHORT_ANSWER_HOURS = (3.0, 24.0)
DRAFT_HOURS = (20.0, 48.0)
FIX_HOURS = (6.0, 12.0)
FIRST_CORRECTION_MISSED_SHARE = 0.1
READ_AFTER = timedelta(hours=3)


class Creators:
    """All creators at their desks. `handle` takes a mail, `work` does what was planned."""

    def __init__(
        self,
        seed: int,
        population: Population,
        post_office: PostOffice,
        incidents: Incidents,
        acquaintance: Acquaintance,
        deliver: Callable[[str, bytes, datetime], None],
    ) -> None:
        self._seed, self._population, self._post_office = seed, population, post_office
        self._acquaintance, self._deliver = acquaintance, deliver
        self.script = DemoScript(incidents)
        self.house = PublishingHouse(seed, population)
        self.agenda = Agenda(seed)
        self.deals: list[Deal] = []
        self._mails_written = [0] * len(population.creators)
        self._busy_until: dict[int, datetime] = {}
        self._acceptances: dict[str, int] = {}
        self._actions: dict[str, Callable[[Deal, ReadMail, datetime], None]] = {
            "offer": self._answer_offer,
            "draft": self._write_draft,
            "revise": self._write_draft,
            "fix": self._fix_post,
        }

    # ---- a mail arrives
    def handle(self, creator: Creator, stored: StoredMail, now: datetime) -> None:
        """Plan what the mail leads to; a mail that says nothing to the creator is read and forgotten."""
        mail = read_mail(stored.raw, now)
        self._post_office.read_at(stored.id, now + READ_AFTER)
        deal = self._deal_of(creator, mail)
        if deal is None:
            if mail.reference and mail.amount_eur is not None:
                deal = Deal(len(self.deals), creator.number, mail.reference, stored.mailbox, "offered", now)
                self.deals.append(deal)
                self._take_offer(deal, mail, now)
        else:
            self._continue(deal, mail, now)
        if deal is not None and mail.message_id:
            deal.message_ids.add(mail.message_id)

    def _deal_of(self, creator: Creator, mail: ReadMail) -> Deal | None:
        """By reference, else by the conversation, else the last one still open. A new reference with a sum is new."""
        own = [deal for deal in self.deals if deal.creator == creator.number]
        for deal in own:
            if mail.reference == deal.reference:
                return deal
        if mail.reference and mail.amount_eur is not None and not mail.link:
            return None
        before = {mail.in_reply_to, *mail.references.split()} - {""}
        for deal in reversed(own):
            if before & deal.message_ids:
                return deal
        running = [deal for deal in own if deal.state in OPEN_STATES]
        return running[-1] if running else None

    def _continue(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        sounds = mail.sounds_like
        if deal.state == "silent":
            if chance(REMINDER_WORKS_SHARE, self._seed, "reminder", deal.reference, len(deal.decisions)):
                self._take_offer(deal, mail, now)
        elif deal.state in ("countered", "declined"):
            if mail.amount_eur is not None and mail.amount_eur > (deal.offered_eur or 0):
                self._take_offer(deal, mail, now)
        elif deal.state == "accepted":
            self._take_brief(deal, mail, now)
        elif deal.state == "drafted":
            cleared = mail.window is not None or mail.speaks_of_publishing
            if sounds == "go_live" or (cleared and sounds not in ("revision", "brief", "correction")):
                self._take_go_live(deal, mail, now)
            elif mail.has_terms or sounds == "revision":
                deal.learn(mail)
                self._plan(deal, "revise", mail, now, SHORT_ANSWER_HOURS)
        elif deal.state == "published":
            self._take_correction(deal, mail, now)

    # ---- offers
    def _take_offer(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        creator = self._population.creators[deal.creator]
        agreed = deal.state == "countered" and mail.amount_eur is not None and mail.amount_eur >= (deal.asked_eur or 0)
        deal.learn(mail)
        deal.offered_eur = mail.amount_eur
        if agreed:
            decision = Decision("accept", None, deal.asked_eur or Decimal(0))
        else:
            decision = self._decide(deal, creator, mail)
        if decision.kind == "silent" or (mail.deadline is not None and not self._in_time(mail, now)):
            deal.decisions.append(Decision("silent", None, decision.price_eur))
            deal.state = "silent"
            return
        deal.decisions.append(decision)
        deal.state = "offered"
        self._plan(deal, "offer", mail, now, SHORT_ANSWER_HOURS if agreed else ANSWER_HOURS)

    def _decide(self, deal: Deal, creator: Creator, mail: ReadMail) -> Decision:
        known = self._acquaintance.names_known(creator, mail.text)
        decision = decide(self._seed, creator, mail, known, len(deal.decisions))
        earlier = (other for other in self.deals if other.creator == creator.number)
        if any(made.wants_no_more_mail for other in earlier for made in other.decisions):
            return Decision("silent", None, decision.price_eur)
        return decision

    def _in_time(self, mail: ReadMail, now: datetime) -> bool:
        return mail.deadline is None or self.agenda.desk_hour(now, *SHORT_ANSWER_HOURS, "first") <= mail.deadline

    def _answer_offer(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        creator, decision = self._population.creators[deal.creator], deal.decisions[-1]
        if decision.kind == "accept":
            deal.state, deal.agreed_eur = "accepted", deal.offered_eur
            deal.acceptance_rank = self._acceptances[deal.campaign] = self._acceptances.get(deal.campaign, 0) + 1
            deal.fault = self.script.on_acceptance(deal, creator, now)
        elif decision.kind == "counter":
            deal.state, deal.asked_eur = "countered", decision.asked_eur
        else:
            deal.state = "declined"
        low = deal.offered_eur is not None and deal.offered_eur < decision.price_eur * Decimal("0.6")
        sentence = writing.decision_sentence(
            self._seed, creator, decision.kind, decision.asked_eur, low=low, no_more=decision.wants_no_more_mail
        )
        self._reply(deal, creator, sentence, mail, now)

    # ---- brief, draft, go-live
    def _take_brief(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        if not (mail.link or mail.code or mail.window):
            return
        deal.learn(mail)
        deal.points = mail.points
        deal.url = deal.url or (mail.urls[0] if mail.urls else "")
        deal.state = "drafted"
        self._plan(deal, "draft", mail, now, DRAFT_HOURS)

    def _write_draft(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        creator = self._population.creators[deal.creator]
        deal.drafts += 1
        careless = creator.traits.is_careless and deal.drafts == 1 and self.script.is_demo
        missing = ("code", "disclosure")[creator.number % 2] if careless else ""
        text = self.house.text_of(deal, creator, without=missing)
        self._reply(
            deal, creator, writing.draft_sentence(self._seed, creator, text, revised=deal.drafts > 1), mail, now
        )

    def _take_go_live(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        deal.learn(mail)
        deal.state = "cleared"
        deal.publish_at = self.house.publication_instant(deal, now)
        self.agenda.plan(deal.publish_at, "publish", deal.number)

    # ---- after publication
    def _take_correction(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        deal.corrections_asked += 1
        missed = chance(FIRST_CORRECTION_MISSED_SHARE, self._seed, "correction-missed", deal.reference)
        if missed and deal.corrections_asked == 1 and not deal.fault:
            return
        deal.learn(mail)
        self._plan(deal, "fix", mail, now, FIX_HOURS)

    def _fix_post(self, deal: Deal, mail: ReadMail, now: datetime) -> None:
        creator = self._population.creators[deal.creator]
        deal.corrections_made += 1
        self.house.revise(deal, creator, now)
        self._reply(deal, creator, phrases.FIXED[creator.language], mail, now)

    # ---- the agenda
    def work(self, task: Task) -> None:
        """Do one planned thing at its instant."""
        deal = self.deals[task.deal]
        if task.action == "publish":
            deal.state = "published"
            self.house.publish(deal, self._population.creators[deal.creator], task.due)
        elif task.mail is not None:
            self._actions[task.action](deal, task.mail, task.due)

    def _plan(self, deal: Deal, action: str, mail: ReadMail, now: datetime, hours: tuple[float, float]) -> None:
        """At a desk hour, never before something the same creator planned earlier, in time for the mail's deadline."""
        due = self.agenda.desk_hour(now, *hours, action, deal.reference, len(deal.decisions), deal.drafts)
        if mail.deadline is not None and due > mail.deadline:
            due = max(self.agenda.desk_hour(now, SHORT_ANSWER_HOURS[0], SHORT_ANSWER_HOURS[0], "soon"), now)
        due = max(due, self._busy_until.get(deal.creator, due))
        self._busy_until[deal.creator] = due
        self.agenda.plan(due, action, deal.number, mail)

    def _reply(self, deal: Deal, creator: Creator, sentence: str, mail: ReadMail, now: datetime) -> None:
        self._mails_written[creator.number] += 1
        text = writing.answer_text(self._seed, creator, sentence, mail)
        raw = compose.reply(self._seed, creator, deal.address, mail, text, now, self._mails_written[creator.number])
        self._post_office.store(deal.address, raw, now, folder="sent")
        deal.message_ids.add(message_id_of(raw))
        self._deliver(mail.reply_address, raw, now)
