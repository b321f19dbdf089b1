import type { ImageFacts } from "../../../../rollout/needs/image";
import type { Run } from "../../../../rollout/needs/run";

/** A pod of a stack with level "restricted". */
export const restricted: Run = {
  image: "shop:abc",
  releases: "no",
  isNonRoot: true,
  isReadOnly: true,
  userId: undefined,
  writablePaths: [],
  volumes: ["/tmp", "/data"],
  port: 8000,
  args: undefined,
  variables: new Map([
    ["SQLITE_PATH", "/data/db.sqlite3"],
    ["ALLOWED_HOSTS", "shop.test"],
    ["SECRET_KEY", undefined],
    ["DEBUG", "1"],
  ]),
};

/** As `docker run` would run it. */
export const baseline: Run = { ...restricted, isNonRoot: false, isReadOnly: false, volumes: ["/data"] };

/** With a Postgres of its own. */
export const withPostgres: Run = {
  ...baseline,
  variables: new Map([
    ["ALLOWED_HOSTS", "shop.test"],
    ...["PGHOST", "PGPASSWORD", "DATABASE_URL"].map((name) => [name, undefined] as const),
  ]),
};

export const rootImage: ImageFacts = { user: "root", userId: 0, folder: "/app", command: ["gunicorn", "shop.wsgi"] };
/** Its user owns a home that nobody else may enter. */
export const namedImage: ImageFacts = { ...rootImage, user: "app", userId: 999, folder: "/home/app/web" };
