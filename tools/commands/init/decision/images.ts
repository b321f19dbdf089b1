import type { ServiceFinding } from "../findings";

/** Images, and names of services, of servers that a stack runs itself. */
const postgresImage = /(^|\/)(postgres|postgis|postgresql|timescaledb|pgvector)([:@-]|$)/;
const redisImage = /(^|\/)(redis|valkey|keydb|dragonfly|redis-stack|redis-stack-server)([:@-]|$)/;
export const mysqlImage = /(^|\/)(mysql|mariadb|percona)/;

type Service = Pick<ServiceFinding, "name" | "value">;

export const isPostgres = ({ name, value }: Service): boolean => [value, name].some((each) => postgresImage.test(each));
export const isRedis = ({ name, value }: Service): boolean => [value, name].some((each) => redisImage.test(each));
export const isMysql = ({ name, value }: Service): boolean => [value, name].some((each) => mysqlImage.test(each));
