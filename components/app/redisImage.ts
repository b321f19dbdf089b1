/** The minor version decides the format of the data, so it is fixed; the patch version is the cached image's. */
export const redisImage = "valkey/valkey:8.1";
