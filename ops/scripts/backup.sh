#!/bin/sh
# A backup of today into the folder $1; those older than $2 days (14) are removed when it is whole.
# On Sundays it is rehearsed, last of all: a rehearsal that fails is told by the status and leaves no old backups behind.
set -eu
folder=$1
days=${2:-14}
flask=${FLASK:-$(dirname "$0")/../../.venv/bin/flask}
mkdir -p "$folder"
file="$folder/lectern-$(date +%Y-%m-%d).tar"
"$flask" --app wsgi ops backup --force "$file"
find "$folder" -name 'lectern-*.tar' -type f -mtime "+$days" -delete
if [ "$(date +%u)" = 7 ]; then
  "$flask" --app wsgi ops rehearse-restore "$file"
fi
