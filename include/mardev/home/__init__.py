"""The folder of one checkout: its version, ports once chosen, secrets, sign-in links. Imports plain types only."""
