"""The wire protocols of the simulated world: what real clients of the real platforms talk to."""
