import type { DependencyTool } from "../findings";

/** What serves the project. */
export type Server = "gunicorn" | "uvicorn" | "daphne" | "hypercorn" | "granian";

/** Everything that a Dockerfile is written from. */
export interface DockerfilePlan {
  /** Minor version: `3.13`. */
  python: string;
  /** What installs the dependencies; undefined where nothing names them. */
  tool: DependencyTool | undefined;
  /** Files that an installation reads, relative to the project: first the one that it is started with. */
  files: string[];
  /** Groups of dependencies beside the main one. */
  groups: string[];
  /** Extras of the project itself. */
  extras: string[];
  /** Package of a workspace that is the project; undefined for the workspace's own. */
  member: string | undefined;
  /** Build secrets that URLs of indexes have. */
  secrets: string[];
  /** Whether an installation reads the project's sources. */
  needsSources: boolean;
  /** Debian packages that installing the dependencies needs. */
  buildPackages: string[];
  /** Debian packages that running the project needs. */
  runtimePackages: string[];
  /** What the image needs and the project does not bring, such as `gunicorn==27.0.1`. */
  additions: string[];
  /** Whether packages may import setuptools' pkg_resources, which an environment of an older Python has by itself. */
  needsSetuptools: boolean;
  /** Folders beside /venv and /app by which scripts of the project activate the environment. */
  environments: string[];
  /** Whether apps are imported from `src`, where manage.py is not. */
  importsFromSrc: boolean;
  /** Folder of manage.py, relative to the project. */
  manageFolder: string;
  /** Settings module, where manage.py would take another one. */
  settingsModule: string | undefined;
  /** Variables that collectstatic needs to load the settings; undefined where it is not run. */
  collectStatic: ReadonlyMap<string, string> | undefined;
  /** Whether WhiteNoise is put around the application. */
  wrapsApplication: boolean;
  server: Server;
  /** Whether gunicorn opens a socket below $HOME to be controlled by, as it does since 25.1. */
  hasControlSocket: boolean;
  interface: "wsgi" | "asgi";
  /** The project's own application: `shop.wsgi:application`. */
  application: string;
}
