/**
 * The image of a major version, which decides the format of the data; the minor version is the cached image's. It has the
 * server and its clients.
 */
export const postgresImageOf = (major: number): string => `postgres:${major}`;

/** That of a stack that names no version. */
export const postgresImage = postgresImageOf(17);
