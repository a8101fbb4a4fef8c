"""What anybody around the child proposes to change in the plan, and what became of it."""
