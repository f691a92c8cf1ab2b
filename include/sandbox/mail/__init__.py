"""Mailboxes of creators and of the brand, and the SMTP server in front of them."""
