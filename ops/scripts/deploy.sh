#!/bin/sh
# On the machine, in the folder with .env and compose.prod.yaml: bring the image $1 into service.
# Old processes serve until the new ones are there; when a step fails, they go on. The way back: this script with the old image.
set -eu
umask 077
image=$1
compose() { docker compose -f compose.prod.yaml "$@"; }

export LECTERN_IMAGE="$image"
compose pull web
if [ -n "$(compose ps --quiet web)" ]; then
  compose exec -T web flask --app wsgi ops backup --force --no-files /data/before-deploy.tar
fi
compose run --rm -T migrate
# From here on also a restart of the machine takes this image.
grep -v '^LECTERN_IMAGE=' .env > .env.new || true
echo "LECTERN_IMAGE=$image" >> .env.new
mv .env.new .env
compose up --detach --no-build --wait web worker clock backup caddy
