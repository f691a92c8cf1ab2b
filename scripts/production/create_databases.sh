#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: two roles, each owner of its database.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set warehouse_password="$MARDEV_WAREHOUSE_PASSWORD" --set airflow_password="$MARDEV_AIRFLOW_PASSWORD" <<'SQL'
CREATE ROLE mardev LOGIN CREATEROLE PASSWORD :'warehouse_password';
CREATE ROLE airflow LOGIN PASSWORD :'airflow_password';
CREATE DATABASE mardev OWNER mardev;
CREATE DATABASE airflow OWNER airflow;
SQL
