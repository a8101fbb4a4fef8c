"""What the family lets each party see, per life domain, until when: asked, given, refused, taken back."""
