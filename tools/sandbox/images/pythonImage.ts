import type { DebianImage } from "./debianImage";

/** Which of Debian's Pythons stands in for an image of Docker Hub's `python`. */
export interface PythonStandIn {
  release: PythonRelease;
  /** The image with compilers and headers has `full`, the one with a tag of `slim` has not. */
  size: "slim" | "full";
}

/** Debian's releases, the newest first, with the Python that each has for as long as it lives. */
const releases = {
  trixie: { python: "3.13.5", since: 12 },
  bookworm: { python: "3.11.2", since: 10 },
  bullseye: { python: "3.9.2", since: 0 },
} as const;

export type PythonRelease = keyof typeof releases;

const releaseNames = Object.keys(releases) as PythonRelease[];

/** Docker Hub's official images under the names that they have there and in its well-known copies. */
const repository =
  /^(?:(?:(?:docker\.io|index\.docker\.io|registry\.hub\.docker\.com)\/)?(?:library\/)?|(?:public\.ecr\.aws\/docker|mirror\.gcr\.io)\/library\/)python(?::([\w.-]+))?$/;
const tagPattern = /^(?:(?:3(?:\.(\d+)(?:\.\d+)?(?:-?(?:rc|a|b)\d*)?)?|latest)(?:-|$))?(slim(?:-|$))?([a-z]+)?$/;

/** Releases of Debian whose images are older than those of the oldest one above. */
const older = ["buster", "stretch", "jessie"];

/** What stands in for an image; undefined for one that is no Debian image of Python 3. */
export function pythonStandIn(image: string): PythonStandIn | undefined {
  const [matches, tag = "latest"] = repository.exec(image) ?? [];
  const [fits, minor, slim, named] = tagPattern.exec(tag) ?? [];
  if (matches === undefined || fits === undefined) {
    return undefined;
  }
  const size = slim === undefined ? "full" : "slim";
  const nearest = releaseNames.find((each) => minor === undefined || Number(minor) >= releases[each].since);
  if (named === undefined) {
    return nearest && { release: nearest, size };
  }
  const asked = older.includes(named) ? "bullseye" : releaseNames.find((each) => each === named);
  // A project refuses a Python that is too old, and rarely a Debian that is newer.
  const isTooOld = minor !== undefined && asked !== undefined && isOlder(asked, nearest);
  const release = isTooOld ? nearest : asked;
  return release && { release, size };
}

const isOlder = (release: PythonRelease, other: PythonRelease | undefined): boolean =>
  other !== undefined && releaseNames.indexOf(release) > releaseNames.indexOf(other);

/** Such as "Debian trixie's Python 3.13". */
export function pythonInWords({ release }: PythonStandIn): string {
  return `Debian ${release}'s Python ${minorOf(release)}`;
}

const minorOf = (release: PythonRelease): string => releases[release].python.split(".").slice(0, 2).join(".");

/** What the official image has beside Python. */
const common = ["adduser", "ca-certificates", "netbase", "tzdata"];
/** What projects take from the official image without `slim`. */
const forBuilds = [
  ...["build-essential", "curl", "file", "git", "gnupg", "openssh-client", "pkg-config", "procps", "unzip", "wget"],
  ...["xz-utils", "default-libmysqlclient-dev", "libcurl4-openssl-dev", "libffi-dev", "libjpeg-dev", "libpng-dev"],
  ...["libpq-dev", "libsqlite3-dev", "libssl-dev", "libwebp-dev", "libxml2-dev", "libxslt1-dev", "libyaml-dev"],
];

const bundle = "/etc/ssl/certs/ca-certificates.crt";
/** The variables in which pip, uv, Poetry, Pipenv, PDM and npm look for the authorities that they trust. */
const trusting = ["PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];

/** Minor versions of Python whose folder of packages Dockerfiles name. */
const namedMinors = Array.from({ length: 10 }, (_, index) => 6 + index);

/**
 * How a stand-in is made.
 *
 * The official image has its Python in /usr/local, and Dockerfiles copy from there: a virtual environment that spans
 * /usr/local puts what pip installs in the same places, where Debian's own Python has others. It sees the system's
 * packages, or `pip install --user` would be refused.
 */
export function pythonImage({ release, size }: PythonStandIn): DebianImage {
  const version = minorOf(release);
  const packages = `/usr/local/lib/python${version}`;
  const aliases = namedMinors.map((minor) => `3.${minor}`).filter((each) => each !== version);
  return {
    release,
    packages: ["python3", "python3-venv", `libpython${version}`, ...common, ...(size === "full" ? forBuilds : [])],
    trustsMachinesAuthorities: true,
    hooks: [
      `--customize-hook=mkdir -p "$1${packages}/site-packages"`,
      `--customize-hook=rm -rf "$1${packages}/dist-packages" && ln -s site-packages "$1${packages}/dist-packages"`,
      // Whatever Python a Dockerfile names, what it copies from /usr/local/lib is there.
      `--customize-hook=for each in ${aliases.join(" ")}; do ln -s python${version} "$1/usr/local/lib/python$each"; done`,
      `--customize-hook=chroot "$1" python3 -m venv --system-site-packages /usr/local`,
      `--customize-hook=rm -f "$1"/usr/local/bin/[Aa]ctivate* "$1"/usr/lib/python3*/EXTERNALLY-MANAGED`,
      // The official image has headers and what links against Python, without the packages that a compiler takes.
      `--customize-hook=${headers(version)}`,
    ],
    settings: [
      "CMD python3",
      "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
      "ENV LANG=C.UTF-8",
      `ENV PYTHON_VERSION=${releases[release].python}`,
      ...trusting.map((name) => `ENV ${name}=${bundle}`),
    ],
  };
}

function headers(version: string): string {
  const name = `libpython${version}-dev`;
  return [
    `cd "$1/tmp"`,
    `APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get download --quiet ${name}`,
    `dpkg-deb --fsys-tarfile ${name}_*.deb | tar -x -C "$1" --exclude="*.a" --exclude="./usr/share/*"`,
    `rm ${name}_*.deb`,
  ].join(" && ");
}
