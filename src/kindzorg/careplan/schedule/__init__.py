"""The week as people work with it: planning visits, saying what is different, and its pages."""
