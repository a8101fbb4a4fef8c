"""Looking along when there is no time to ask: a reason, four hours, told at once, reviewed afterwards."""
