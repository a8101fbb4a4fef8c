"""The scan as a conversation: before it begins, following along on one's own telephone, and the summary to agree to."""
