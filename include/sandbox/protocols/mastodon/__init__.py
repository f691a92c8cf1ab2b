"""One Mastodon server (`mastodon.example`): accounts, follows, statuses, search, trends.

Clients take `<base>/mastodon` as their address (`Mastodon(api_base_url=..., version_check_mode="none")`). Public
reading needs no credential; one that is shown must be `Tokens.mastodon_token` (`SANDBOX-TOKEN`).
"""
