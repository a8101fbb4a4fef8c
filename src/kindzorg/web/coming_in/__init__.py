"""Coming in: inviting, the door of an invitation, who is in, and entering on behalf of a family."""
