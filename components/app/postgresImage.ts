/** The major version decides the format of the data, so it is fixed; the minor is that of the image in the cache. */
export const postgresImage = "postgres:17";
