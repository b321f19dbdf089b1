/** Where a server has its volume. */
export const postgresFolder = "/var/lib/postgresql/data";

/** The folder of a server's first version: a volume may have a folder `lost+found`, and the server needs an empty one. */
const first = `${postgresFolder}/pgdata`;

/** The folder of a version to which the data was upgraded; that of the version before stays beside it. */
export const upgradedFolder = (version: number): string => `${first}-${version}`;

const lock = `${postgresFolder}/.server.lock`;

/** What a server prints that cannot have its data yet. */
export const waitsForData = "another server has the data of this volume: waiting until it ends";

/** What `flock` exits with where another server has the data. */
const taken = 75;

/**
 * The beginning of a script that leads a server of a version to its data, once no other one has it: Postgres itself finds
 * no server of another container, and two of them spoil what they write. A volume in which no such lock can be had goes
 * without.
 */
export const dataScript = (version: number): string => `if touch ${lock}; then
  exec 9>>${lock}
  flock --nonblock --conflict-exit-code ${taken} 9
  if [ $? -eq ${taken} ]; then echo "${waitsForData}" >&2; flock 9; fi
fi
export PGDATA=${first}
if [ -d ${upgradedFolder(version)} ]; then PGDATA=${upgradedFolder(version)}; fi
`;
