/** A page with a form that adds to a counter. */
interface Page {
  /** Path of the page. */
  path: string;
  /** Its heading. */
  title: string;
  /** What it counts: `3 books`. */
  counts: string;
  /** Name of the form's field. */
  field: string;
}

/** Resources behind basic authentication that are listed by GET and created by POST. */
interface Api {
  api: string;
  field: string;
}

/** A Django project in test/projects/, and what it answers when it is served. */
export interface Shape {
  /** Its folder. */
  name: string;
  /** What sets it apart. */
  what: string;
  page: Page | Api;
  /** Folder below it that `init` is given. @default the project's own */
  folder?: string;
  /** Files that its author copies after a clone. @default none */
  copies?: Record<string, string>;
  /** Path of the admin. @default /admin/ */
  admin?: string;
  /** Whether its settings turn debug on whatever the environment says. @default false */
  isAlwaysDebug?: boolean;
  /** Whether its own Dockerfile leaves static files to another server when debug is off. @default false */
  leavesStaticFiles?: boolean;
  /** Path of a websocket that sends back a JSON message. @default none */
  websocket?: string;
  /** Whether `npm test` always deploys it; the others cost minutes. @default false */
  isQuick?: boolean;
}

const page = (title: string, counts: string, field: string, path = "/"): Page => ({ path, title, counts, field });

/** Every project of test/projects/. */
export const shapes: Shape[] = [
  {
    name: "tutorial",
    what: "the tutorial's: runserver as root, SQLite beside manage.py, settings without variables",
    page: page("Polls", "questions", "question_text", "/polls/"),
    isAlwaysDebug: true,
  },
  {
    name: "requirements",
    what: "requirements.txt and no Dockerfile",
    page: page("Library", "books", "title"),
    isQuick: true,
  },
  { name: "uv", what: "uv.lock", page: page("Habits", "entries", "text"), isQuick: true },
  { name: "poetry", what: "poetry.lock, uvicorn", page: page("Blog", "posts", "title") },
  {
    name: "pipenv",
    what: "Pipfile.lock, and a driver that is compiled",
    page: page("Recipes", "recipes", "name"),
  },
  {
    name: "src-layout",
    what: "src/, POSTGRES_*, a named user whose home is closed, an entrypoint that writes",
    page: page("Storefront", "products", "name"),
  },
  {
    name: "compose",
    what: "a compose file, hosts with blanks between, SQL_*, bool() of DEBUG",
    page: page("Hello Django", "documents", "name"),
    leavesStaticFiles: true,
  },
  {
    name: "split-settings",
    what: "settings for each environment, python-decouple and .env",
    page: page("Tickets", "tickets", "subject"),
    copies: { ".env.example": ".env" },
  },
  {
    name: "docker-folder",
    what: "docker/Dockerfile with the project as context, uWSGI, a named user",
    page: page("Inventory", "items", "name"),
  },
  {
    name: "channels",
    what: "ASGI with channels and a websocket",
    page: page("Chat", "messages", "text"),
    websocket: "/ws/lobby/",
    isQuick: true,
  },
  { name: "api", what: "no page at /, basic authentication", page: { api: "/api/v1/notes/", field: "text" } },
  {
    name: "production",
    what: "a Dockerfile without CMD in compose/production/, the command in a compose file, port 5000",
    page: page("Newsletter", "subscribers", "email"),
    admin: "/kH8oBRWTwnNvHY/",
  },
  { name: "procfile", what: "a Procfile with release", page: page("Shelf", "loans", "borrower") },
  {
    name: "no-static",
    what: "no STATIC_ROOT and nothing that serves static files",
    page: page("Portfolio", "enquiries", "message"),
    isQuick: true,
  },
  {
    name: "mysqlclient",
    what: "dependencies that need Debian packages",
    page: page("Ledger", "accounts", "name"),
  },
  {
    name: "geodjango",
    what: "GeoDjango with SpatiaLite",
    page: page("Atlas", "places", "name"),
  },
  {
    name: "two-projects",
    what: "two projects in one checkout, pdm.lock, hypercorn",
    page: page("Intranet", "people", "name"),
    folder: "intranet",
  },
  {
    name: "celery",
    what: "the tutorial's last chapter: a compose file with Postgres, Redis, a Celery worker, beat and Flower",
    page: page("Depot", "parcels", "label"),
  },
];
