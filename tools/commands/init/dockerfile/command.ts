import type { DockerfilePlan } from "./plan";
import { wrapper } from "./staticFiles";

/** The instruction that starts the server: one process that gets the signals, on the port in $PORT. */
export function commandInstruction(plan: DockerfilePlan): string {
  const application = plan.wrapsApplication ? `${wrapper.module}:application` : plan.application;
  // gunicorn and only gunicorn takes the port from $PORT by itself.
  const shell = (command: string): string => `CMD ["sh", "-c", "exec ${command} ${application}"]`;
  switch (plan.server) {
    case "gunicorn": {
      // $HOME may be read-only.
      const settings = ["--threads", "4", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20"];
      const args = [
        ...settings,
        ...(plan.hasControlSocket ? ["--no-control-socket"] : []),
        "--access-logfile",
        "-",
        application,
      ];
      return `CMD ["gunicorn", ${args.map((each) => `"${each}"`).join(", ")}]`;
    }
    case "uvicorn":
      return shell("uvicorn --host 0.0.0.0 --port $PORT --timeout-graceful-shutdown 20");
    case "daphne":
      return shell("daphne --bind 0.0.0.0 --port $PORT");
    case "hypercorn":
      return shell("hypercorn --bind 0.0.0.0:$PORT --access-logfile -");
    case "granian":
      return shell("granian --interface asgi --host 0.0.0.0 --port $PORT --access-log");
  }
}

/** A command that imports the server and Django, without the project. Django 3 cannot load its global settings by name. */
export function loadCommand({ server, interface: kind }: DockerfilePlan): string[] {
  const modules = server === "gunicorn" ? "gunicorn.app.wsgiapp, gunicorn.workers.gthread" : server;
  return [
    `python -c "import ${modules}; from django.conf import settings;`,
    "    settings.configure();",
    `    from django.core.${kind} import get_${kind}_application as start; start()"`,
  ];
}
