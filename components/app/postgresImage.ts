/** The major version decides the format of the data, so it is fixed; the minor version is the cached image's. */
export const postgresImage = "postgres:17";
