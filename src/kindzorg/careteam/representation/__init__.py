"""Who represents the child once it is grown and cannot decide: curator, mentor, or who stands first by law."""
