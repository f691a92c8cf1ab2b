"""Tables that people bring: what a file is, what its columns mean, what each line says (pure, streaming)."""
