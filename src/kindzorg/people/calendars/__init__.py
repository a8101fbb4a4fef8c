"""The calendar that somebody's own telephone fetches: its secret address, and how often it is asked for."""
