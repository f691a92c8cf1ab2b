"""Registers the pages with Airflow. Nothing else: every process of Airflow loads this file."""

from airflow.plugins_manager import AirflowPlugin

from mardev.pages.app import create_app
from mardev.pages.security import airflow_services
from mardev.pages.sign_in import sign_in_app


class MarDevPages(AirflowPlugin):
    """The pages under ``/mardev``, the one-time sign-in of the demo under ``/mardev-signin``, the entry in the menu."""

    name = "mardev"
    fastapi_apps = [  # noqa: RUF012  # Airflow reads plain class attributes
        {"app": create_app(airflow_services()), "url_prefix": "/mardev", "name": "MarDev pages"},
        {"app": sign_in_app, "url_prefix": "/mardev-signin", "name": "MarDev one-time sign-in"},
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "MarDev",
            # The slash at the end matters: without it Airflow answers with its own page.
            "href": "/mardev/",
            "destination": "nav",
            "url_route": "mardev",
            "nav_top_level": True,
            "icon": "/mardev/static/mardev.svg",
        },
    ]
