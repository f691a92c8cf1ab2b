"""The brand's own shop: promo codes in, orders out, both as CSV; and its landing pages."""

from mardev.connectors.shop.client import Shop
from mardev.connectors.shop.landing import FollowedLink, LandingPages, app_page
from mardev.connectors.shop.records import OrderRecord, PromoCode

__all__ = ["FollowedLink", "LandingPages", "OrderRecord", "PromoCode", "Shop", "app_page"]
