"""`mardev demo`: a whole iteration before your eyes, told as it happens."""
