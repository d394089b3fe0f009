# One image for web, worker and migrations. No database, no Redis, no Node.js, no tests in it.

FROM node:24-slim AS packages
WORKDIR /lectern
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /lectern
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install -r requirements.txt
COPY lms lms
COPY --from=packages /lectern/node_modules node_modules
RUN /venv/bin/python -m lms.ops.assets build && rm -rf node_modules \
    && /venv/bin/python -m compileall -q lms

FROM python:3.12-slim
ARG RELEASE=
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LECTERN_ENV=production PORT=8000 RELEASE=$RELEASE
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin lectern \
    && install --directory --owner=lectern --group=lectern /data /spool /backups
WORKDIR /lectern
COPY --from=build /venv /venv
COPY --from=build /lectern/lms lms
COPY config.py wsgi.py worker.py gunicorn.conf.py ./
COPY migrations migrations
COPY examples examples
COPY docs docs
# The program belongs to root and can't change itself; uploads go to /data or to object storage.
USER lectern
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# A redirect to HTTPS is an answer too.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", "\
import http.client, os, sys; \
line = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); \
line.request('GET', '/api/v1/health'); \
sys.exit(line.getresponse().status >= 400)"]
CMD ["gunicorn", "wsgi:app"]
