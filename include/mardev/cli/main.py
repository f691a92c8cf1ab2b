"""The `mardev` command.

Each command is a module with one function, registered here. It imports what is heavy inside the function, so that
`mardev --help` answers at once.
"""

import typer

from mardev.cli.bench import bench
from mardev.cli.demo.demo import demo
from mardev.cli.doctor import doctor
from mardev.cli.down import down
from mardev.cli.erase import erase
from mardev.cli.evaluate import evaluate
from mardev.cli.export import export_app
from mardev.cli.import_file import import_file
from mardev.cli.reset import reset
from mardev.cli.status import status
from mardev.cli.up import up
from mardev.cli.version import version
from mardev.cli.world import break_system, mend_system

EVERY_DAY = "Every day"
LOOK_AFTER = "Look after it"
WORLD = "The sandbox world"

app = typer.Typer(
    name="mardev",
    help="DevOps for marketing: plan, create, verify, publish, monitor and learn, one iteration after the other.",
    epilog="New here? `make demo` runs a whole influencer iteration in a simulated world and shows you around.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo", rich_help_panel=EVERY_DAY)(demo)
app.command("up", rich_help_panel=EVERY_DAY)(up)
app.command("down", rich_help_panel=EVERY_DAY)(down)
app.command("status", rich_help_panel=EVERY_DAY)(status)
app.command("doctor", rich_help_panel=LOOK_AFTER)(doctor)
app.command("erase", rich_help_panel=LOOK_AFTER)(erase)
app.command("reset", rich_help_panel=LOOK_AFTER)(reset)
app.command("import", rich_help_panel=EVERY_DAY)(import_file)
app.add_typer(export_app, name="export", rich_help_panel=EVERY_DAY)
app.command("bench", rich_help_panel=LOOK_AFTER)(bench)
app.command("evaluate", rich_help_panel=LOOK_AFTER)(evaluate)
app.command("version", rich_help_panel=LOOK_AFTER)(version)
app.command("break", rich_help_panel=WORLD)(break_system)
app.command("mend", rich_help_panel=WORLD)(mend_system)


if __name__ == "__main__":
    app()
