# One image for every process: the web server by default, workers and scheduler by another command (docker-compose.yml).
FROM python:3.11-slim AS web
WORKDIR /build
COPY requirements-web.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-web.txt
COPY ops/build_web.sh ops/
COPY docs/openapi.yaml docs/
COPY clients/typescript clients/typescript
COPY web web
RUN ops/build_web.sh python

FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/maretech \
    PORT=8000

RUN useradd --system --create-home --home-dir "$VAR_DIR" maretech
WORKDIR /srv/maretech

COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
RUN rm -r clients docs/openapi.yaml ops requirements-web.txt web
COPY --from=web /build/web/dist web/dist
RUN python -m whitenoise.compress --quiet web/dist
RUN python -m compileall -q .
USER maretech
RUN python manage.py collectstatic --noinput --verbosity 0

# Without ENVIRONMENT the container runs as production, which refuses unsafe settings.
ENV ENVIRONMENT=production
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "docker/health.py"]
# Each blocking thread keeps a database connection: workers x threads must stay below Postgres' max_connections.
# Delete the counters of this container's last run, and those of long gone containers: others share the folder.
CMD ["sh", "-c", "find \"$VAR_DIR/metrics\" -name \"*_$(hostname)-*.db\" -delete -o -name '*.db' -mtime +30 -delete; exec granian --interface wsgi --host 0.0.0.0 --port \"$PORT\" --workers \"${WEB_WORKERS:-2}\" --blocking-threads \"${WEB_THREADS:-4}\" --backpressure 128 --respawn-failed-workers --no-access-log --log-level warning maretech.wsgi:application"]
