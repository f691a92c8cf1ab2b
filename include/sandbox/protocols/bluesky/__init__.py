"""Bluesky's public server over XRPC: profiles, follows, feeds, search.

Clients take `<base>/bluesky/xrpc` as their base address (`atproto.Client(base_url=...)`) and need no credential, as the
public server needs none.
"""
