"""How creators behave on the mails they get, and how their audiences behave on what they publish."""
