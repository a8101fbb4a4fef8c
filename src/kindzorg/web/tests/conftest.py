"""The circle around one child, for the pages that put the rooms together."""

from kindzorg.referral.tests.conftest import built, circle, statements

__all__ = ["built", "circle", "statements"]
