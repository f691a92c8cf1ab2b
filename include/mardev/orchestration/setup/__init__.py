"""Brings Airflow's own database to what MarDev needs: tables, roles, people, connections. Repeatable.

Run as ``python -m mardev.orchestration.setup``; the launcher and the production image's init service do.
"""
