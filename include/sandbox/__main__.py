"""`python -m sandbox serve`: the world over HTTP and SMTP in one process, on the loopback."""

import argparse
import logging
from datetime import datetime
from pathlib import Path

from sandbox.incidents import SCRIPTS
from sandbox.mail.server import mail_server
from sandbox.world import World

HOST = "127.0.0.1"


def main(arguments: list[str] | None = None) -> int:
    """Serve until the process is told to stop."""
    options = _read(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # The web parts load only here, so that reading the help stays quick.
    import uvicorn

    from sandbox.protocols.app import create_app
    from sandbox.protocols.rates import DOCUMENTED, roomy
    from sandbox.protocols.tokens import Tokens

    world = World(options.home, options.seed, options.script, options.creators, options.start)
    post = mail_server(world, options.smtp_port, HOST)
    post.start()
    try:
        app = create_app(
            world,
            Tokens(control=options.control_token),
            rate_limits=DOCUMENTED if options.rate_limits == "documented" else roomy(),
        )
        uvicorn.run(app, host=HOST, port=options.http_port, log_level="warning", access_log=False)
    finally:
        post.stop()
        world.close()
    return 0


def _read(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A simulated creator economy.")
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve", help="serve over HTTP and SMTP")
    serve.add_argument("--home", type=Path, required=True, help="folder of the journal")
    serve.add_argument("--http-port", type=int, required=True)
    serve.add_argument("--smtp-port", type=int, required=True)
    serve.add_argument("--seed", type=int, default=7)
    serve.add_argument("--script", choices=SCRIPTS, default="demo", help="which faults are planted")
    serve.add_argument("--creators", type=int, default=1500)
    serve.add_argument("--start", type=datetime.fromisoformat, default=None, help="first instant, ISO 8601 with offset")
    serve.add_argument(
        "--rate-limits", choices=("roomy", "documented"), default="roomy", help="of Bluesky, Mastodon and Twitch"
    )
    serve.add_argument("--control-token", required=True, help="moves the clock, causes outages, reads the truth")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
