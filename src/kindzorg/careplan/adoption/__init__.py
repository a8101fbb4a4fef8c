"""From draft to plan in force: offered, agreed by the family, approved; what changed, what is missing."""
