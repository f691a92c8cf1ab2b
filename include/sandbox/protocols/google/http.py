"""From the wire answers of the Google protocols to the web framework's responses."""

from starlette.responses import Response

from sandbox.protocols.google.refusals import WireAnswer


def respond(answer: WireAnswer) -> Response:
    """The same answer as a response."""
    return Response(answer.body, answer.status, dict(answer.headers), answer.media_type)
