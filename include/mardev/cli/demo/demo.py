"""`mardev demo`: start everything, work a whole iteration, end with what it brought and what to try next."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import sqlalchemy as sa

    from mardev.cli.airflow_client import AirflowClient
    from mardev.settings import Settings

CAMPAIGN = "Autumn games"
EARLIER_CAMPAIGN = "Summer games"
EARLIER_RUN = "earlier_iteration"
DAGS = (
    "plan",
    "create",
    "verify",
    "publish",
    "monitor",
    "retrospect",
    "send_messages",
    "read_mailbox",
    "watch_posts",
    "refresh_metrics",
    "check_systems",
    "expire_data",
)
DAGS_WITHIN_SECONDS = 120.0
FORM: dict[str, Any] = {
    "objective": "acquisition",
    "conversion_kind": "install",
    "difference": "The app store that shows you the games the big stores hide.",
    "markets": ["DE", "US", "JP"],
    "languages": ["de", "en", "ja"],
    "topics": ["mobile games", "android"],
    "budget_amount": 6000,
    "budget_currency": "EUR",
    "flight_days": 10,
    "head_count": 12,
    "tolerance_percent": 25,
    "channel_limit": 500,
}
EARLIER_FORM = FORM | {"campaign": EARLIER_CAMPAIGN, "markets": ["DE", "BR"], "languages": ["de", "pt"],
                       "head_count": 8,
                       "budget_amount": 3000, "channel_limit": 250, "flight_days": 7}  # fmt: skip


def demo(
    interactive: Annotated[
        bool, typer.Option("--interactive", help="Leave every decision to you, in the browser.")
    ] = False,
) -> None:
    """See a whole influencer iteration, from Plan to Retrospective, in a simulated world."""
    from mardev.cli.console import errors_in_plain_words
    from mardev.settings import load_settings

    with errors_in_plain_words():
        Demo(load_settings(), interactive=interactive).run()


@dataclass
class Demo:
    """One showing."""

    settings: "Settings"
    interactive: bool = False

    def run(self) -> None:
        """Raises: FixFirst: something failed; says what, and what to do."""
        from mardev.cli.console import out
        from mardev.cli.demo.story import Story
        from mardev.cli.demo.summary import print_summary
        from mardev.cli.up import start_and_follow
        from mardev.cli.where_to_click import print_where_to_click
        from mardev.warehouse.engine import create_engine

        story = Story(out)
        story.heading("Starting MarDev: database, sandbox world, Airflow")
        start_and_follow(self.settings)
        reader = create_engine(self.settings.warehouse_url, "reader", pool_size=2)
        self._make_earlier_iteration(story)
        with ExitStack() as open_clients:
            clients = self._clients(open_clients)
            clients["mia"].wait_for_dags(DAGS, within_seconds=DAGS_WITHIN_SECONDS)
            key = self._work_iteration(story, clients, reader)
            following = self._propose_next(story, clients, reader, key)
        with reader.connect() as connection:
            print_summary(out, connection, key, following)
        print_where_to_click(self.settings)

    def _clients(self, stack: ExitStack) -> "dict[str, AirflowClient]":
        from mardev.cli.airflow_client import AirflowClient
        from mardev.home.ports import read_ports
        from mardev.home.secret_files import read_json_object

        ports = read_ports(self.settings)
        assert ports is not None  # noqa: S101  # start_and_follow has chosen them
        passwords = read_json_object(self.settings.secrets / "passwords.json")
        return {
            person: stack.enter_context(AirflowClient(ports.airflow_url, person, str(passwords[person])))
            for person in ("mia", "ian")
        }

    def _make_earlier_iteration(self, story: Any) -> None:
        from mardev.cli.demo.earlier_iteration import EarlierIteration
        from mardev.cli.demo.in_process import in_process_context
        from mardev.cli.demo.standing import is_closed
        from mardev.cli.world_control import WorldControl
        from mardev.cli.world_driver import going_on_after_trouble
        from mardev.stages.plan.form import key_of_campaign

        context = in_process_context(self.settings)
        with context.warehouse.connect() as connection:
            if is_closed(connection, key_of_campaign(EARLIER_CAMPAIGN)):
                return
        story.heading(f"An earlier iteration, «{EARLIER_CAMPAIGN}», so that the pages have a past")
        earlier = EarlierIteration(context, WorldControl.of_home(self.settings), EARLIER_RUN, StageProgress(story))
        going_on_after_trouble(lambda: earlier.work(EARLIER_FORM))
        story.line("[green]✓[/] done, from plan to retrospective")

    def _work_iteration(self, story: Any, clients: "dict[str, AirflowClient]", reader: "sa.Engine") -> str:
        from mardev.cli.demo.standing import is_closed, iteration_of_run, running_iteration

        with reader.connect() as connection:
            key = running_iteration(connection)
        key_of: Callable[[sa.Connection], str | None]
        if key is None:
            form = FORM | {"campaign": self._free_name(reader)}
            story.heading(f"Mia starts the iteration «{form['campaign']}» with the form of 1 Plan")
            run = clients["mia"].trigger("plan", form)
            key_of = lambda connection: iteration_of_run(connection, run.run_id)  # noqa: E731
        else:
            story.heading(f"Going on with the iteration {key}")
            key_of = lambda _connection: key  # noqa: E731
        self._drive(story, clients, reader, lambda c: is_closed(c, key_of(c)), leaves_open=lambda _r: self.interactive)
        with reader.connect() as connection:
            found = key_of(connection)
        assert found is not None  # noqa: S101  # it is closed, so it exists
        return found

    def _propose_next(
        self, story: Any, clients: "dict[str, AirflowClient]", reader: "sa.Engine", key: str
    ) -> str | None:
        """Start the proposed iteration and leave its plan to whoever watches."""
        from mardev.cli.demo.standing import running_iteration, waits_for_signature

        answer = clients["mia"].post_page(f"/mardev/iterations/{key}/retrospective/start-next", {})
        if answer.status_code != 303:  # see other
            story.line("The next iteration is proposed on the page Retrospective.")
            return None
        story.heading("The next iteration, proposed by the retrospective")
        self._drive(
            story,
            clients,
            reader,
            waits_for_signature,
            leaves_open=lambda request: self.interactive or request.decision_key == "sign_plan_marketing",
        )
        with reader.connect() as connection:
            return running_iteration(connection)

    def _drive(
        self,
        story: Any,
        clients: "dict[str, AirflowClient]",
        reader: "sa.Engine",
        is_over: "Callable[[sa.Connection], bool]",
        *,
        leaves_open: Callable[[Any], bool],
    ) -> None:
        from mardev.cli.demo.crawl_progress import CrawlProgress
        from mardev.cli.demo.people import People
        from mardev.cli.world_control import WorldControl
        from mardev.cli.world_driver import WorldDriver

        driver = WorldDriver(
            clients["ian"],
            reader,
            WorldControl.of_home(self.settings),
            on_requests=People(clients, story, leaves_open).answer,
            on_progress=story.progress,
            on_wait=CrawlProgress(story, reader),
        )
        driver.drive(is_over)

    def _free_name(self, reader: "sa.Engine") -> str:
        import sqlalchemy as sa

        from mardev.stages.plan.form import key_of_campaign
        from mardev.stages.retrospect.propose_next import follow_up_name
        from mardev.warehouse import tables

        with reader.connect() as connection:
            taken = set(connection.execute(sa.select(tables.iteration.c.iteration_key)).scalars())
        name = CAMPAIGN
        while key_of_campaign(name) in taken:
            name = follow_up_name(name)
        return name


class StageProgress:
    """Tells each stage of the earlier iteration once."""

    def __init__(self, story: Any) -> None:
        self._story = story
        self._stage = ""

    def __call__(self, step: str) -> None:
        from mardev.cli.demo.story import STAGE_TITLES

        stage = step.split(":", 1)[0]
        if stage != self._stage and stage in STAGE_TITLES:
            self._stage = stage
            self._story.line(f"[dim]{STAGE_TITLES[stage]}[/]")  # type: ignore[index]  # a Stage is its text
