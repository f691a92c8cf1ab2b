"""Registers the pages with Airflow. Nothing else: every process of Airflow loads this file."""

from airflow.plugins_manager import AirflowPlugin

from mardev.pages.on_demand import OnDemand


class MarDevPages(AirflowPlugin):
    """The pages under ``/mardev``, the one-time sign-in of the demo under ``/mardev-signin``, the entry in the menu."""

    name = "mardev"
    fastapi_apps = [  # noqa: RUF012  # Airflow reads plain class attributes
        {"app": OnDemand("mardev.pages.of_airflow:pages"), "url_prefix": "/mardev", "name": "MarDev pages"},
        {
            "app": OnDemand("mardev.pages.of_airflow:sign_in"),
            "url_prefix": "/mardev-signin",
            "name": "MarDev one-time sign-in",
        },
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
