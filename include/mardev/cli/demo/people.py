"""The demo's people at work: each opens the page of a decision and answers there, as a person of the right role."""

from collections.abc import Callable, Sequence

from mardev.cli.airflow_client import AirflowClient
from mardev.cli.demo.persons_answers import answering_of
from mardev.cli.demo.story import Story
from mardev.domain.words import Role
from mardev.errors import FixFirst
from mardev.stages.decisions import Request

OK = 200
SEE_OTHER = 303


class People:
    """Answers what is asked, in the name of who is asked.

    Args:
        clients: Airflow as each person sees it, by login.
        story: told who decided what and why.
        leaves_open: whether a request is left for whoever watches.
    """

    def __init__(self, clients: dict[str, AirflowClient], story: Story, leaves_open: Callable[[Request], bool]) -> None:
        self._clients = clients
        self._story = story
        self._leaves_open = leaves_open
        self._shown: set[tuple[str, str, int]] = set()

    def answer(self, requests: Sequence[Request]) -> bool:
        """Answer what is not left open. Returns whether anything was answered."""
        answered = False
        for request in requests:
            if self._leaves_open(request):
                self._show(request)
                continue
            self._answer(request)
            answered = True
        return answered

    def _answer(self, request: Request) -> None:
        answering = answering_of(Role(request.role))
        if answering is None or request.decision_key not in answering.answers:
            raise FixFirst(f"Nobody of the demo answers «{request.subject}»; open My work and answer it there.")
        client = self._clients[answering.person]
        self._open_page(client, request)
        form = {
            "attempt": str(request.attempt),
            "answer": answering.option(request.decision_key),
            "reason": answering.reason(request.decision_key),
            **{f"field_{name}": text for name, text in answering.fields(request.decision_key).items()},
        }
        path = f"/mardev/iterations/{request.iteration_key}/decisions/{request.decision_key}"
        answer = client.post_page(path, form)
        if answer.status_code != SEE_OTHER:
            raise FixFirst(f"The page did not take the answer of {answering.person} ({answer.status_code}).")
        said = " ".join(answering.fields(request.decision_key).values()) or answering.reason(request.decision_key)
        self._story.decided(request, answering.person, form["answer"], said)

    def _open_page(self, client: AirflowClient, request: Request) -> None:
        page = client.get_page(request.page_path)
        if page.status_code != OK:
            raise FixFirst(f"{request.page_path} does not open for {client.person} ({page.status_code}).")

    def _show(self, request: Request) -> None:
        shown = (request.iteration_key, request.decision_key, request.attempt)
        if shown not in self._shown:
            self._shown.add(shown)
            address = self._clients["mia"].base_url + request.page_path
            self._story.line(f"[yellow]○[/] waits for {request.role}: «{request.subject}» {address}")
