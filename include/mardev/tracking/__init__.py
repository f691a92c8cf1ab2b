"""Links, codes, clicks and credit: which placement brought what."""
