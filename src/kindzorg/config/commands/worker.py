"""`kindzorg worker`: what happens beside the pages: mail, and the seal on the trail."""

import argparse

HELP = "Send what waits in the outbox and seal the trail, until stopped. Start as many as needed."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what waits now, and stop")


def run(options: argparse.Namespace) -> int:
    from kindzorg.notices import worker

    return worker.run(once=options.once)
