# https://gunicorn.org/reference/settings/

import os

bind = f"0.0.0.0:{os.environ.get('PORT') or 8000}"

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# Slow and idle clients keep no thread busy.
worker_class = "config.worker.ArrivedRequestWorker"
threads = int(os.environ.get("WEB_THREADS") or 4)

# Load the project once, before the workers fork: a faster start, and a project
# that cannot be loaded ends the container instead of restarting workers.
preload_app = True

# A heartbeat on a disk could block the workers; None is the system's own folder.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

# It would be created under $HOME, which is read-only in the container.
control_socket_disable = True

# Within Kubernetes' grace period of 30 seconds.
graceful_timeout = 20

accesslog = "-"

wsgi_app = "config.wsgi"
