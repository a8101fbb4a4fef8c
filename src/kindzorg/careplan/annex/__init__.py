"""The palliative annex of the plan (palliatief plan): values, goals, treatment agreements, and who decides what."""
