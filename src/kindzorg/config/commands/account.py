"""`kindzorg account NAME`: the first account, and a way back in for who has lost theirs."""

import argparse
import sys
from typing import Any

HELP = "Make an account, or a new link to one that is there; prints a link that works once, for a day."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", metavar="NAME", help="what somebody is called; or the user name of an account"
    )
    parser.add_argument("--email", default="", help="the address with which they sign in")
    parser.add_argument("--username", default="", help="a user name, for who has no e-mail address")
    parser.add_argument("--language", default="nl", choices=("nl", "en"))
    parser.add_argument("--role", choices=("application_manager",), help="what they may do here")
    parser.add_argument("--provider", default="", help="the provider (see KINDZORG_OIDC) where they sign in")
    parser.add_argument(
        "--key", default="", help="by what the provider knows them, an employee number for example"
    )
    parser.add_argument(
        "--forget-second-step",
        action="store_true",
        help="for who has lost telephone and codes; look who asks",
    )


def run(options: argparse.Namespace) -> int:
    from kindzorg.access.policy import system_actor
    from kindzorg.core import clock
    from kindzorg.core.errors import Invalid
    from kindzorg.core.walls import behind_wall
    from kindzorg.web.sign_in.mail import reset_link

    if bool(options.provider) != bool(options.key):
        print("kindzorg: --provider and --key go together", file=sys.stderr)
        return 1
    actor, now = system_actor("command line"), clock.now()
    try:
        with behind_wall(actor.id, now.date(), system=True):
            user, made = _account(actor, options, now)
            _allow(actor, user, options, now)
    except Invalid as error:
        print(f"kindzorg: {WORDS[error.code]}", file=sys.stderr)
        return 1
    print(f"{'Made an account' if made else 'There is an account'}: {user.username} ({user.name})")
    if not options.key:
        print(f"Choose a password, within a day and once:\n{reset_link(user)}")
    return 0


WORDS = {
    "username_missing": "say with --email or --username how they sign in",
    "email_in_use": "this e-mail address is in use; say the user name as NAME for a new link",
    "username_in_use": "this user name is in use; say it as NAME for a new link",
    "key_in_use": "this key belongs to another account already",
    "no_such_provider": "there is no such provider in the file of KINDZORG_OIDC",
}


def _account(actor: Any, options: argparse.Namespace, now: Any) -> tuple[Any, bool]:
    """The account with this address or user name, or a new one."""
    from kindzorg.people.accounts.actions import NewAccount, open_account
    from kindzorg.people.accounts.queries import account_named

    found = account_named(actor, options.email or options.username or options.name, now.date())
    if found is not None:
        return found, False
    new = NewAccount(options.name, options.email, language=options.language, username=options.username)
    return open_account(actor, new, now), True


def _allow(actor: Any, user: Any, options: argparse.Namespace, now: Any) -> None:
    """What the account may do, and how its owner signs in."""
    from kindzorg.access.roles import Role, Scope
    from kindzorg.careteam.actions import grant_access
    from kindzorg.careteam.queries import actor_for
    from kindzorg.core.errors import Invalid
    from kindzorg.people.accounts.actions import forget_factors, prepare_key
    from kindzorg.web.sign_in.entry import provider_of

    if options.role and not actor_for(user).held(Role(options.role), now.date()):
        grant_access(actor, user.id, Role(options.role), Scope.INSTALLATION, None, now)
    if options.provider:
        if provider_of(options.provider) is None:
            raise Invalid("no_such_provider", fields=("provider",))
        prepare_key(actor, user.id, options.provider, options.key, now)
    if options.forget_second_step:
        forget_factors(actor, user.id, now)
