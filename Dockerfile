# One image for every part of the production set-up (docker-compose.yml says which part a container is).
# It holds code and packages only: secrets, data and settings come from the environment and from volumes.
FROM python:3.13-slim AS build
WORKDIR /opt/mardev
COPY scripts/uv-requirements.txt scripts/
RUN pip install --no-cache-dir --require-hashes -r scripts/uv-requirements.txt
COPY requirements.txt ./
RUN uv venv .venv && uv pip install --no-cache --require-hashes --compile-bytecode -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY include include
RUN uv pip install --no-cache --no-deps --no-build-isolation --editable .

FROM python:3.13-slim
RUN useradd --uid 10001 --home-dir /opt/mardev --no-create-home mardev \
    && install -d -o mardev -g mardev /var/lib/mardev /var/log/mardev /opt/mardev/airflow
WORKDIR /opt/mardev
COPY --from=build /opt/mardev /opt/mardev
COPY sql sql
COPY plugins plugins
COPY dags dags
ENV PATH=/opt/mardev/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MARDEV_HOME=/var/lib/mardev \
    AIRFLOW_HOME=/opt/mardev/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/mardev/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/mardev/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__CORE__AUTH_MANAGER=airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager \
    AIRFLOW__FAB__UPDATE_FAB_PERMS=False \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/var/log/mardev \
    GX_ANALYTICS_ENABLED=false
USER mardev
VOLUME ["/var/lib/mardev", "/var/log/mardev"]
EXPOSE 8080
CMD ["airflow", "api-server"]
