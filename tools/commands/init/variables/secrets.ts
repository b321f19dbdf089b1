const secretNames =
  /(^|_)(SECRET|SECRETS|PASSWORD|PASSWD|PASS|PWD|PASSPHRASE|TOKEN|CREDENTIALS?|DSN|SALT|PEPPER|AUTH)(_|$)|(API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION|FERNET|LICENSE|HMAC|JWT|WEBHOOK)_?KEY|APIKEY/;

/** Names that hold such a word and no secret. */
const openNames =
  /_(FILE|PATH|NAME|URL|HEADER|EXPIRY|EXPIRES?|LIFETIME|AGE|TIMEOUT|TTL|MINUTES|SECONDS|HOURS|DAYS|LENGTH|ENABLED|BACKEND|ALGORITHM|TYPE|CLASS|REQUIRED)$|PUBLIC|PUBLISHABLE|^AUTH_USER_MODEL$/;

const withPassword = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*:[^\s/?#@]+@/i;

/** Why a variable's value is not for everybody; undefined for one that may be read. */
export function secretBy(name: string, value = ""): "name" | "content" | undefined {
  const upper = name.toUpperCase();
  if (secretNames.test(upper) && !openNames.test(upper) && !isSwitch(value)) {
    return "name";
  }
  return withPassword.test(value) || value.includes("PRIVATE KEY-----") || isRandom(value) ? "content" : undefined;
}

/** A flag or a number is none, whatever its name: `AWS_S3_SECURE_URLS`, `PASSWORD_RESET_DAYS`. */
function isSwitch(value: string): boolean {
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
  /change[-_ ]?(me|this|it)|replace[-_ ]?(me|this|with)|your[-_]|insert[-_ ]|example|placeholder|dummy|fixme|todo|x{3,}|\*{3,}|^\.{3,}$|^<.*>$|^\[.*\]$|^\{.*\}$/i;

/** What stands for a secret in examples; a text of another kind may be so. */
const exampleSecrets =
  /^your |sample|^(secret|password|passwd|token|key|foo|bar|baz|test|none|null|some[-_ ].*|my[-_ ]?secret.*|super[-_ ]?secret.*|django-insecure.*)$/i;

/** Whether a value stands in an example for somebody's own. */
export function isPlaceholder(value: string, isSecret: boolean): boolean {
  const text = value.trim();
  return text === "" || exampleWords.test(text) || (isSecret && exampleSecrets.test(text));
}
