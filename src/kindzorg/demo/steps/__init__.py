"""What a line of a story can do: the word in the YAML, and the function that calls the real action."""

from collections.abc import Callable, Mapping

from kindzorg.demo.steps import team
from kindzorg.demo.story import Deed, Story

STEPS: Mapping[str, Callable[[Story, Deed], None]] = {
    "child_account": team.child_account,
    "relative": team.relative,
    "member": team.member,
    "journey_open": team.journey_open,
    "journey_step": team.journey_step,
}
