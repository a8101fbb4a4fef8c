"""What is measured over time, beside the child's own range: added by who cares for the child, shown as it was said."""
