"""The talks about what lies ahead (ACP, proactieve zorgplanning): held, planned, and when all is looked at anew."""
