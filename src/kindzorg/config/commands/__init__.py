"""`kindzorg ...`: the one command line. Each command is a module here that calls one action or query.

A command module has HELP, `arguments(parser)` and `run(options) -> int`; ALONE says that it needs no settings.
Exit codes: 0 done; 1 could not, with the reason on standard error; 2 wrong words; 3 done, but something needs a
look (said on standard error).
"""

import argparse
import os
import sys
from importlib import import_module
from pkgutil import iter_modules

from django.core.exceptions import ImproperlyConfigured

from kindzorg.config.translations import compile_translations


def main(words: list[str] | None = None) -> int:
    """Run one command; gives back its exit code."""
    parser = argparse.ArgumentParser(
        prog="kindzorg", description="One shared care plan for ill children at home."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for found in sorted(iter_modules(__path__), key=lambda module: module.name):
        module = import_module(f"{__name__}.{found.name}")
        own = commands.add_parser(found.name.replace("_", "-"), help=module.HELP, description=module.HELP)
        module.arguments(own)
        own.set_defaults(
            run=module.run,
            prepare=getattr(module, "prepare", None),
            alone=getattr(module, "ALONE", False),
        )
    options = parser.parse_args(words)
    if options.prepare:
        options.prepare(options)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kindzorg.config.settings")
    try:
        if not options.alone:
            _start_django()
        return int(options.run(options) or 0)
    except ImproperlyConfigured as error:
        print(f"kindzorg: {error}", file=sys.stderr)
        return 1


def _start_django() -> None:
    import django

    compile_translations()
    django.setup()
