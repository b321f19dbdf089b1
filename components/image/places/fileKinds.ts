import path from "node:path";

/** What tools read to decide what is installed. */
const installation =
  /^((requirements|constraints)[\w.-]*\.(txt|in|lock)|pyproject\.toml|poetry\.lock|uv\.lock|pdm\.lock|pylock[\w.]*\.toml|Pipfile(\.lock)?|setup\.(py|cfg)|environment\.ya?ml|package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/;

/** Whether a file is one that says what is installed; a module of the project may have the name of one. */
export function isOfInstallation(file: string, has: (file: string) => boolean): boolean {
  const folder = path.posix.dirname(file);
  const isInFolderOfThem = path.posix.basename(folder) === "requirements" && /\.(txt|in)$/.test(file);
  return (
    (isInFolderOfThem || installation.test(path.posix.basename(file))) && !has(path.posix.join(folder, "__init__.py"))
  );
}

/** Whether collectstatic would take a file. */
export function isStaticFile(file: string): boolean {
  const isInFolder = /(^|\/)(static|staticfiles|assets|static_src)\//.test(file);
  const isOne = /\.(css|m?js|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|mp4|webm)$/i.test(file);
  return (isInFolder || isOne) && !/(^|\/)(templates|locale)\//.test(file) && !/\.py$/.test(file);
}

/**
 * Whether a tool such as webpack or Tailwind may make stylesheets and scripts of a file. Which ones it starts from is
 * in its own configuration; a page with an old one of them is worse than a build.
 */
export const isFrontendSource = (file: string): boolean =>
  /\.(css|scss|sass|less|styl|[cm]?jsx?|[cm]?tsx?|vue|svelte|coffee)$/i.test(file) ||
  /^(tsconfig[\w.-]*\.json|\.(babel|postcss|browserslist)rc[\w.]*)$/.test(path.posix.basename(file));
