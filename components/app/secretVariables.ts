/** Names under which projects read Django's SECRET_KEY. */
export const secretKeyVariables = ["SECRET_KEY", "DJANGO_SECRET_KEY"];

/** Those under which they read what a URL of Postgres says, by its keys in a Secret. */
export const databaseVariables: Record<string, string[]> = {
  "database-url": ["DATABASE_URL"],
  "database-host": ["POSTGRES_HOST", "PGHOST"],
  "database-port": ["POSTGRES_PORT", "PGPORT"],
  "database-name": ["POSTGRES_DB", "PGDATABASE"],
  "database-user": ["POSTGRES_USER", "PGUSER"],
  "database-password": ["POSTGRES_PASSWORD", "PGPASSWORD"],
};

/** The same of what a URL of Redis says. */
export const redisVariables: Record<string, string[]> = {
  "redis-url": ["REDIS_URL", "CELERY_BROKER_URL"],
  "redis-host": ["REDIS_HOST"],
  "redis-port": ["REDIS_PORT"],
  "redis-password": ["REDIS_PASSWORD"],
};

/** Those that name a file with the same. */
export const secretFileVariables = { secretKey: "SECRET_KEY_FILE", databaseUrl: "DATABASE_URL_FILE" };
