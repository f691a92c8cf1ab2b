"""The web apps that the plugin registers, with the services of a process of Airflow."""

from fastapi import FastAPI

from mardev.pages import security
from mardev.pages.app import create_app
from mardev.pages.sign_in import SignInServices, create_sign_in_app
from mardev.settings import load_settings


def pages() -> FastAPI:
    """The app behind ``/mardev``."""
    return create_app(security.airflow_services())


def sign_in() -> FastAPI:
    """The app behind ``/mardev-signin``."""
    return create_sign_in_app(
        SignInServices(
            folder=lambda: load_settings().home / "sign_in",
            is_sandbox_only=security.is_sandbox_only,
            cookie_of=security.session_cookie_of,
            login_url=security.login_url,
        )
    )
