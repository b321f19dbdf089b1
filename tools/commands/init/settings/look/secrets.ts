/** Words that a secret's name has. */
const secretWords = new Set([
  "SECRET",
  "SECRETS",
  "PASSWORD",
  "PASSWORDS",
  "PASSWD",
  "PASSPHRASE",
  "PASS",
  "PWD",
  "PW",
  "TOKEN",
  "TOKENS",
  "KEY",
  "KEYS",
  "APIKEY",
  "DSN",
  "CREDENTIAL",
  "CREDENTIALS",
  "PRIVATE",
  "SALT",
  "PEPPER",
  "HMAC",
  "WEBHOOK",
]);

/** Last words that say something about a secret, and not the secret. */
const describingWords = new Set([
  "AGE",
  "ALGORITHM",
  "ALGORITHMS",
  "BACKEND",
  "BACKENDS",
  "CLASS",
  "ENABLED",
  "EXPIRATION",
  "EXPIRE",
  "EXPIRES",
  "EXPIRY",
  "FILE",
  "HEADER",
  "HASHERS",
  "HOST",
  "ID",
  "LENGTH",
  "LIFETIME",
  "LIMIT",
  "DAYS",
  "HOURS",
  "MINUTES",
  "SECONDS",
  "NAME",
  "PATH",
  "PREFIX",
  "PREFIXES",
  "REQUIRED",
  "THRESHOLD",
  "TIME",
  "TIMEOUT",
  "TTL",
  "TYPE",
  "VERSION",
]);

/** First words of a URL's name that is made of a user and a password. */
const urlWords =
  /^(?:.*_)?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MONGO|MONGODB|REDIS|VALKEY|CACHE|BROKER|RESULT|RABBITMQ|RABBIT|AMQP|CELERY|EMAIL|SMTP|SEARCH|ELASTICSEARCH|CLOUDINARY|CHANNELS|QUEUE)(?:_\w+)?_?(?:URL|URI|URLS)$/;

/**
 * Whether a variable's value is not for everybody, by its name or by a password in what its default is.
 *
 * In doubt it is.
 */
export function isSecret(name: string, defaultText?: string): boolean {
  const words = name.toUpperCase().split("_");
  const isUrl = urlWords.test(name.toUpperCase());
  if (isUrl || (defaultText !== undefined && hasPasswordInUrl(defaultText))) {
    return true;
  }
  if (!words.some((word) => secretWords.has(word) || /PASSWORD|SECRET|APIKEY|TOKEN/.test(word))) {
    return false;
  }
  const isPublic = words.includes("PUBLIC") || words.includes("PUBLISHABLE") || words.join("_").endsWith("SITE_KEY");
  const describes =
    describingWords.has(words.at(-1) ?? "") ||
    words.some((word) => ["ALLOW", "USE", "ENABLE", "IS", "HAS"].includes(word));
  return !isPublic && !describes;
}

/** Whether a text is a URL with a password. */
export function hasPasswordInUrl(value: string): boolean {
  return /^[\w+.-]+:\/\/[^\s/@]*:[^\s/@]+@/.test(value.trim());
}
