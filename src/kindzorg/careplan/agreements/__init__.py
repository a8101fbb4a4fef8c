"""Who does what, where, when and why; asked, answered, done."""
