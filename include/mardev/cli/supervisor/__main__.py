"""``python -m mardev.cli.supervisor [--migrate]``: what ``mardev up`` leaves running in the background."""

import sys

from mardev.cli.supervisor.state import AlreadySupervised, only_supervisor
from mardev.cli.supervisor.supervisor import Supervisor
from mardev.settings import load_settings


def main() -> int:
    settings = load_settings()
    try:
        with only_supervisor(settings):
            return Supervisor(settings, migrate_home="--migrate" in sys.argv[1:]).run()
    except AlreadySupervised:
        return 0


if __name__ == "__main__":
    sys.exit(main())
