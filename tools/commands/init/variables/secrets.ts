/** Words that a secret's name has. */
const secretWords =
  /^(KEYS?|PASS|PWD|PW|DSN|CREDENTIALS?|PRIVATE|SALT|PEPPER|HMAC|WEBHOOK|PASSPHRASE)$|^(?!(BY|COM|OVER|UNDER|ENCOM|SUR|TRES)PASS$)[A-Z]+PASS$|PASSWORD|PASSWD|SECRET|APIKEY|TOKEN/;

/** Last words that say something about a secret, and not the secret. */
const describingWords = new Set([
  "AGE",
  "ALGORITHM",
  "ALGORITHMS",
  "BACKEND",
  "BACKENDS",
  "CLASS",
  "DAYS",
  "ENABLED",
  "EXPIRATION",
  "EXPIRE",
  "EXPIRES",
  "EXPIRY",
  "FILE",
  "HASHERS",
  "HEADER",
  "HOST",
  "HOURS",
  "ID",
  "LENGTH",
  "LIFETIME",
  "LIMIT",
  "MINUTES",
  "NAME",
  "PATH",
  "PREFIX",
  "PREFIXES",
  "REQUIRED",
  "SECONDS",
  "THRESHOLD",
  "TIME",
  "TIMEOUT",
  "TTL",
  "TYPE",
  "URL",
  "VERSION",
]);

/** Names of URLs that are made of a user and a password. */
const urlNames =
  /^(?:.*_)?(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MONGO|MONGODB|REDIS|VALKEY|CACHE|BROKER|RESULT|RABBITMQ|RABBIT|AMQP|CELERY|EMAIL|SMTP|SEARCH|ELASTICSEARCH|CLOUDINARY|CHANNELS|QUEUE)(?:_\w+)?_?(?:URL|URI|URLS)$/;

const withPassword = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*:[^\s/?#@]+@/i;

/** A URL that names no server, and lets nobody in: `sqlite:///shop.db`, `locmem://`. */
export const isLocalUrl = (value: string): boolean => /^[a-z][\w+.-]*:\/\/(\/\S*)?$/i.test(value.trim());

/** A header that lets somebody in: `Authorization=Basic dTpw`. */
const withAuthorization =
  /\b(basic|bearer) +(?=\S*[\d=])[\w+/=.~-]{8,}|\b(authorization|x-api-key|api-key)["']?\s*[:=]\s*\S{8,}/i;

/** An entry of JSON, or of a dict of Python, that is a secret by its key: `{"secret_key": "abc"}`. */
function hasSecretEntry(value: string): boolean {
  const entries = /^\s*[[{]/.test(value) ? value.matchAll(/(["'])([\w-]+)\1\s*:\s*(["'])(.+?)\3/g) : [];
  return [...entries].some(
    ([, , key = "", , text = ""]) => isNameOfSecret(key.replaceAll("-", "_")) && !isSwitch(text),
  );
}

/** Whether a name is that of a secret. In doubt it is. */
function isNameOfSecret(name: string): boolean {
  const words = name.toUpperCase().split("_");
  const last = words.at(-1) ?? "";
  const isPublic =
    (words.includes("PUBLIC") && !words.some((word) => /^(SECRET|PASSWORD|PASSWD|PRIVATE)$/.test(word))) ||
    words.includes("PUBLISHABLE") ||
    words.join("_").endsWith("SITE_KEY");
  const describes =
    describingWords.has(last) || words.some((word) => ["ALLOW", "USE", "ENABLE", "IS", "HAS"].includes(word));
  return (words.some((word) => secretWords.test(word)) || last === "AUTH") && !isPublic && !describes;
}

/**
 * Whether a variable whose value is not known is for everybody, by its name or by a password in what its default is.
 *
 * In doubt it is not.
 */
export function isSecret(name: string, defaultText = ""): boolean {
  return urlNames.test(name.toUpperCase()) || withPassword.test(defaultText.trim()) || isNameOfSecret(name);
}

/** Addresses that let whoever knows them post messages, or more. */
const ofWebhook =
  /^https:\/\/(hooks\.slack\.com\/(services|workflows|triggers)\/|(\w+\.)?discord(app)?\.com\/api\/webhooks\/|([\w-]+\.)*webhook\.office\.com\/|outlook\.office(365)?\.com\/webhook\/|chat\.googleapis\.com\/v1\/spaces\/\S*\bkey=|api\.telegram\.org\/bot\d+:)\S/i;

/** Whether a short number is a password, as developers have: a name that ends so is that of no duration or switch. */
const isShortPassword = (name: string, value: string): boolean =>
  /(PASSWORD|PASSWD|PASS|PWD)$/.test(name.toUpperCase()) && /^[0-9]{2,}$/.test(value);

/** Why a variable's value is not for everybody; undefined for one that may be read. */
export function secretBy(name: string, value = ""): "name" | "content" | undefined {
  if (isNameOfSecret(name) && (!isSwitch(value) || isShortPassword(name, value))) {
    return "name";
  }
  return withPassword.test(value) ||
    withAuthorization.test(value) ||
    ofWebhook.test(value) ||
    value.includes("PRIVATE KEY-----") ||
    hasSecretEntry(value) ||
    isRandom(value)
    ? "content"
    : undefined;
}

/** A flag or a number is none, whatever its name: `AWS_S3_SECURE_URLS`, `PASSWORD_RESET_DAYS`. */
export function isSwitch(value: string): boolean {
  return /^(true|false|yes|no|on|off|[0-9]{1,4})$/i.test(value);
}

/** At least 32 characters of one word, with digits and letters and next to no repetition: a key or a token. */
function isRandom(value: string): boolean {
  const isOneWord = /^[A-Za-z0-9+/_=!@#$%^&*().-]{32,}$/.test(value);
  // A host, a path or a dotted module has short parts.
  const isOfWords = value.split(/[._/-]/).every((part) => part.length < 16 || !/[0-9]/.test(part));
  const looksLikeAName = isOfWords || value.includes("://") || /^[/.]/.test(value);
  return isOneWord && !looksLikeAName && /[0-9]/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 12;
}

const exampleWords =
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|with)|your[-_.]|insert[-_ ]|example|placeholder|dummy|fixme|todo|x{3,}|\*{3,}|^\.{3,}$|^<.*>$|^\[[^'",]*\]$|^\{[^'":]*\}$/i;

/** What stands for a secret in examples; a text of another kind may be so. */
const exampleSecrets =
  /^your |sample|^(secret|password|passwd|token|key|foo|bar|baz|test|none|null|some[-_ ].*|my[-_ ]?secret.*|super[-_ ]?secret.*|django-insecure.*)$/i;

/** Whether a value is a mark for one that somebody has to fill in, whatever file it is in: `<your-domain>`, `<<FROM_VAULT>>`. */
export const isMark = (value: string): boolean => /^(<[^<>]+>|<<[^<>]+>>)$/.test(value.trim());

/** Whether a value stands in an example for somebody's own. */
export function isPlaceholder(value: string, isSecretValue: boolean): boolean {
  const text = value.trim();
  const isYours = /^your[A-Z]/.test(text);
  return text === "" || isYours || exampleWords.test(text) || (isSecretValue && exampleSecrets.test(text));
}
