#!/bin/sh
set -e

until python -c "import socket; socket.create_connection(('$POSTGRES_HOST', ${POSTGRES_PORT:-5432}), 1)" 2>/dev/null; do
  echo "Waiting for the database at $POSTGRES_HOST"
  sleep 1
done

python manage.py collectstatic --noinput

exec "$@"
