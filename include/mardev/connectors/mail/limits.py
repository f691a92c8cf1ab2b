"""What mail allows, each number with its source."""

TIMEOUT_SECONDS = 20.0
"""Ours. RFC 5321 4.5.3.2 speaks of minutes; a worker has less patience, and the message stays in the outbox."""
DEFAULT_PORT = 587
"""Submission, RFC 6409."""
TLS_PORT = 465
"""Submission over TLS, RFC 8314."""
FIRST_PERMANENT_REPLY = 500
"""RFC 5321 4.2.1: a reply of 5yz is a refusal for good, 4yz one for now."""
MAX_SUBJECT_CHARACTERS = 200
"""Ours: longer subjects are cut off by every reader."""
SANDBOX_ENDING = ".example"
"""A top-level domain that no real address can have (RFC 2606)."""
