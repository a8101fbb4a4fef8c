"""The quick way back after stepping down (terugschalen)."""
