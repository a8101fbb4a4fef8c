"""Bevoegd en bekwaam: who was seen to do which act with this child, by whom, until when."""
