"""In which language something was written, and translations beside it; the words keep standing as they are."""
