"""One request to the server: who asks, what is left of the window, and the answer."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.accounts.identities import account_of_status
from sandbox.accounts.model import Account, GoneAccount, PostKey, UnknownAccount, UnknownPost
from sandbox.accounts.network import ANSWER, REPOST, Network
from sandbox.protocols.contracts import compiled_contract
from sandbox.protocols.faults import active_kind
from sandbox.protocols.mastodon.requests import MastodonRefusal, Page, Query, not_found
from sandbox.protocols.mastodon.views import Views, instance
from sandbox.protocols.rates import Charge, RateBook, RateLimit
from sandbox.protocols.tokens import Tokens, bearer, same
from sandbox.world import World

IDS_PER_CALL = 40
FOLLOWS_PER_PAGE, MOST_FOLLOWS_PER_PAGE = 40, 80
STATUSES_PER_PAGE, MOST_STATUSES_PER_PAGE = 20, 40
Action = Callable[[str, Query], Any]


class MastodonService:
    """Answers requests; knows HTTP only as an action's name, an id and parameters."""

    def __init__(self, world: World, tokens: Tokens, limit: RateLimit) -> None:
        self._world, self._tokens = world, tokens
        self._rates = RateBook(limit, lambda: world.now)
        self._contract = compiled_contract("mastodon")
        self.actions: Mapping[str, tuple[str, Action]] = {
            "lookup": ("account", lambda _, query: self._views.account(self._by_handle(query.text("acct")))),
            "account": ("account", lambda identity, _: self._views.account(self._account(identity))),
            "accounts": ("accounts", lambda _, query: self._accounts(query)),
            "account_search": ("accounts", lambda _, query: self._found(query)),
            "following": ("accounts", lambda identity, query: self._list(identity, query, self._known_follows)),
            "followers": ("accounts", lambda identity, query: self._list(identity, query, self._known_followers)),
            "account_statuses": ("statuses", self._account_statuses),
            "status": ("status", lambda identity, _: self._views.status(self._status(identity))),
            "statuses": ("statuses", lambda _, query: self._statuses(query)),
            "favourited_by": ("accounts", self._favourited_by),
            "search": ("search", lambda _, query: self._search(query)),
            "trends": ("trends/tags", lambda _, query: self._trends(query)),
            "instance_v1": ("instance/v1", lambda _, __: self._instance(1)),
            "instance_v2": ("instance/v2", lambda _, __: self._instance(2)),
        }
        """Action to the name of its answer in the contract, and what it does."""

    def admit(self, authorization: str | None, caller: str) -> Charge:
        """Count one request of an account or an address.

        Raises:
            MastodonRefusal: a credential is shown and is none.
        """
        limited = active_kind(self._world, "mastodon") == "rate_limited"
        charge = self._rates.charge(authorization or caller, is_spent=limited)
        if authorization and not same(bearer(authorization), self._tokens.mastodon_token):
            raise MastodonRefusal(401, "The access token is invalid")
        return charge

    def answer(self, action: str, identity: str, query: Query, *, is_signed_in: bool) -> tuple[Any, Page | None]:
        """The body of the answer, and the page when it is one of several.

        Raises:
            MastodonRefusal: there is no such thing.
            AnswerBreaksContract: what we were about to send is not what the platform sends.
        """
        if action == "account_search" and not is_signed_in:
            raise MastodonRefusal(401, "This method requires an authenticated user")
        expected, act = self.actions[action]
        try:
            found = act(identity, query)
        except GoneAccount:
            raise MastodonRefusal(410, "Gone") from None
        except (UnknownAccount, UnknownPost):
            raise not_found() from None
        page = found if isinstance(found, Page) else None
        body = found.items if isinstance(found, Page) else found
        self._contract.check_answer(expected, body)
        return body, page

    # ---- accounts
    @property
    def _network(self) -> Network:
        return self._world.network("mastodon")

    @property
    def _views(self) -> Views:
        return Views(self._network)

    def _account(self, identity: str) -> Account:
        return self._network.by_identity(identity)

    def _by_handle(self, acct: str) -> Account:
        return self._network.by_handle(acct.lstrip("@").removesuffix("@mastodon.example"))

    def _accounts(self, query: Query) -> list[Any]:
        """Who is not there is left out."""
        found = []
        for identity in dict.fromkeys(query.texts("id")[:IDS_PER_CALL]):
            try:
                found.append(self._views.account(self._account(identity)))
            except UnknownAccount:
                continue
        return found

    def _found(self, query: Query) -> list[Any]:
        found = self._network.search(query.text("q")) if query.text("q") else []
        begin = query.number("offset", 0)
        return [self._views.account(one) for one in found[begin : begin + query.limit(20, 40)]]

    def _search(self, query: Query) -> dict[str, Any]:
        accounts = self._found(query) if query.text("type") in ("", "accounts") else []
        return {"accounts": accounts, "statuses": [], "hashtags": []}

    # ---- follows
    def _list(self, identity: str, query: Query, known: Callable[[Account], list[Account]]) -> Page:
        """Empty for those who hide their lists."""
        account = self._account(identity)
        found = [] if account.hides_lists else known(account)
        ids = range(len(found), 0, -1)
        page = query.page(found, ids, FOLLOWS_PER_PAGE, MOST_FOLLOWS_PER_PAGE)
        return Page([self._views.account(one) for one in page.items], page.following, page.previous)

    def _known_follows(self, account: Account) -> list[Account]:
        """Of an account of another server only what concerns this one."""
        followed = self._network.follows(account)
        return [one for one in followed if not one.is_remote] if account.is_remote else followed

    def _known_followers(self, account: Account) -> list[Account]:
        followers = self._network.followers(account)
        return [one for one in followers if not one.is_remote] if account.is_remote else followers

    # ---- statuses
    def _account_statuses(self, identity: str, query: Query) -> Page:
        account = self._account(identity)
        without = {REPOST} if query.flag("exclude_reblogs") else set()
        without |= {ANSWER} if query.flag("exclude_replies") else set()
        keys = [key for key in self._network.post_keys(account) if self._network.kind(key) not in without]
        if query.flag("only_media") or query.flag("pinned"):
            keys = []
        if tag := query.text("tagged"):
            keys = [key for key in keys if tag in self._network.read(key).tags]
        ids = [int(self._network.identity(key)) for key in keys]
        page = query.page(keys, ids, STATUSES_PER_PAGE, MOST_STATUSES_PER_PAGE)
        return Page([self._views.status(key) for key in page.items], page.following, page.previous)

    def _status(self, identity: str) -> PostKey:
        number = account_of_status(identity)
        if number >= len(self._network.accounts):
            raise not_found()
        account = self._network.account(number)
        self._account(account.identity)
        return self._network.post_key(account, identity)

    def _statuses(self, query: Query) -> list[Any]:
        """What is not there is left out."""
        found = []
        for identity in dict.fromkeys(query.texts("id")[:IDS_PER_CALL]):
            try:
                found.append(self._views.status(self._status(identity)))
            except (UnknownAccount, UnknownPost, MastodonRefusal):
                continue
        return found

    def _favourited_by(self, identity: str, query: Query) -> Page:
        found = self._network.liked_by(self._status(identity))
        page = query.page(found, range(len(found), 0, -1), FOLLOWS_PER_PAGE, MOST_FOLLOWS_PER_PAGE)
        return Page([self._views.account(one) for one in page.items], page.following, page.previous)

    # ---- the server
    def _trends(self, query: Query) -> list[Any]:
        begin = query.number("offset", 0)
        return self._views.trending_tags()[begin : begin + query.limit(10, 20)]

    def _instance(self, version: int) -> dict[str, Any]:
        own = [account for account in self._network.accounts if not account.is_remote]
        return instance(version, len(own), lambda: sum(len(self._network.post_keys(one)) for one in own))
