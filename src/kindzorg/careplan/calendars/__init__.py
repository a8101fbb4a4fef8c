"""Calendars: when there is care, for somebody's own telephone, without a word of what or for whom."""
