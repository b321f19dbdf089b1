/** Where a server has its volume. */
export const postgresFolder = "/var/lib/postgresql/data";

/** The folder of a server's first version: a volume may have a folder `lost+found`, and the server needs an empty one. */
const first = `${postgresFolder}/pgdata`;

/** The folder of a version to which the data was upgraded; that of the version before stays beside it. */
export const upgradedFolder = (version: number): string => `${first}-${version}`;

/** The beginning of a script that leads a server of a version to its data. */
export const dataScript = (version: number): string => `export PGDATA=${first}
if [ -d ${upgradedFolder(version)} ]; then PGDATA=${upgradedFolder(version)}; fi
`;
