"""Twitch: application tokens under `/twitch/oauth2`, Helix under `/twitch/helix`.

Clients take `Twitch(id, secret, base_url="<base>/twitch/helix/", auth_base_url="<base>/twitch/oauth2/")` with
`Tokens.twitch_client_id` and `Tokens.twitch_secret` (`SANDBOX-CLIENT`, `SANDBOX-SECRET`). Who follows a channel is not
told, only how many.
"""
