"""Accounts that creators have beside their YouTube channel. Pure functions of the seed, drawn when somebody looks."""
