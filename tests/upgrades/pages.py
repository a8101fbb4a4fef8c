"""Open what the people of an installation see first: each one's start page, and every page of a child it leads to.

Run with the environment of that installation; says what did not open, and ends with 1 if anything did not.
"""

import re
import sys

import django

LINKS = re.compile(r'href="(/children/[^"#?]+)"')


def main() -> int:
    django.setup()
    from django.test import Client

    from kindzorg.people.models import User

    opened, broken = 0, []
    for user in User.objects.filter(is_active=True).order_by("username"):
        client = Client()
        client.force_login(user)
        start = client.get("/start", follow=True)
        addresses = dict.fromkeys(LINKS.findall(start.content.decode()))
        for address, answer in [
            ("/start", start),
            *((one, client.get(one, follow=True)) for one in addresses),
        ]:
            opened += 1
            if answer.status_code != 200:
                broken.append(f"{user.username} {address}: {answer.status_code}")
    print(f"{opened} pages opened", *broken, sep="\n")
    return 1 if broken or opened < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
