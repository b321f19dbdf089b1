import type { DockerfilePlan } from "./plan";

/** The module that puts WhiteNoise around the application, and the folder of it in the image. */
export const wrapper = { folder: "/srv", module: "with_static_files" };

/** The source of the module. */
export function staticFilesModule(plan: Pick<DockerfilePlan, "interface" | "application">): string {
  const [module = "", name = ""] = plan.application.split(":");
  const isCall = name.endsWith("()");
  const imported = isCall ? name.slice(0, -2) : name;
  const start = [
    `"""The project with its static files, which settings leave to a web server."""`,
    "",
    ...(plan.interface === "asgi" ? ["from asgiref.wsgi import WsgiToAsgi"] : []),
    "from whitenoise import WhiteNoise",
    "from whitenoise.middleware import WhiteNoiseMiddleware",
    "",
    isCall ? `from ${module} import ${imported}` : `from ${module} import ${imported} as project`,
    ...(isCall ? ["", `project = ${name}`] : []),
    "",
    "",
    "class StaticFiles(WhiteNoiseMiddleware):",
    `    """WhiteNoise as the settings configure it, in front of Django instead of in it."""`,
    "",
    "    __call__ = WhiteNoise.__call__",
    "    serve = staticmethod(WhiteNoise.serve)",
    "",
    "    def __init__(self):",
    "        super().__init__()",
    "        self.use_finders = True",
    "        if not self.autorefresh:",
    "            self.add_files_from_finders()",
    "",
  ];
  return [...start, ...(plan.interface === "asgi" ? asgi : wsgi), ""].join("\n");
}

const wsgi = ["", "application = StaticFiles()", "application.application = project"];

const asgi = [
  "    def has(self, path):",
  "        return (self.find_file(path) if self.autorefresh else self.files.get(path)) is not None",
  "",
  "",
  "static_files = StaticFiles()",
  "serve_static_file = WsgiToAsgi(static_files)",
  "",
  "",
  "async def application(scope, receive, send):",
  `    is_static = scope["type"] == "http" and static_files.has(scope["path"])`,
  "    await (serve_static_file if is_static else project)(scope, receive, send)",
];
