/** One kind of secret. Where only a part of the match is secret, that is the group `secret`. */
export interface SecretPattern {
  rule: string;
  /** Flags: `g` for all of them, `d` for the place of a group. */
  pattern: RegExp;
}

/**
 * What secretlint's recommended rules (12.0) do not know, or know only in part. They are made to complain
 * little; here a secret that stays costs more than a word that goes. No pattern goes by randomness alone: ids
 * and hashes must live. Each starts where a word starts and runs over what it can match once, so that a long
 * text takes time by its length.
 */
export const patterns: readonly SecretPattern[] = [
  // Any kind of key, encrypted ones and PGP's too, and one whose end was cut off by the CLI.
  {
    rule: 'privatekey',
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----BEGIN)[\s\S])*?(?:-----END [A-Z0-9 ]{1,64}-----|(?=-----BEGIN)|$)/g,
  },
  // `scheme://user:password@host` of any scheme (secretlint: web and three databases), or a long token alone.
  {
    rule: 'basicauth',
    pattern: /(?<=:\/\/)(?:[^\s:/@"'<>]{0,256}:[^\s/"'<>]{1,512}|[^\s:/@"'<>]{16,512})(?=@)/g,
  },
  // A header, whatever its scheme.
  {
    rule: 'authorization',
    pattern:
      /(?<![a-z])authorization\s{0,16}["']?\s{0,16}[:=]\s{0,16}["']?(?<secret>(?:[a-z]{3,12}\s{1,16})?[^\s"',;]{8,})/dgi,
  },
  // The same in code and curl's `--oauth2-bearer`, without the header's name.
  { rule: 'authorization', pattern: /(?<![a-z])bearer\s{1,16}(?<secret>[\w.~+/=-]{16,})/dgi },
  // RFC 7519: header and payload are JSON objects, base64url of `{"`.
  { rule: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g },
  // Google: API key, OAuth access token, OAuth client secret. secretlint's rule reads key files only.
  { rule: 'gcp', pattern: /(?<![A-Za-z0-9])(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{28})/g },
  // Azure: keys in connection strings, the signature of a shared link, Entra client secrets. No rule there.
  { rule: 'azure', pattern: /(?<![a-z])(?:account|sharedaccess)key=(?<secret>[\w+/=%]{32,})/dgi },
  { rule: 'azure', pattern: /[?&;]sig=(?<secret>[\w%+/=-]{20,})/dg },
  { rule: 'azure', pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}/g },
  // Stripe: secret and restricted keys, webhook secrets. No rule there.
  { rule: 'stripe', pattern: /(?<![A-Za-z0-9])(?:[sr]k_(?:live|test)_\w{10,}|whsec_[\w+/=-]{24,})/g },
  // Every key of OpenAI, Anthropic, OpenRouter and others who write `sk-`; secretlint wants exact lengths.
  { rule: 'api-key', pattern: /(?<![A-Za-z0-9])sk-[\w-]{20,}/g },
  // All of an app-level token, of which secretlint covers 32 characters.
  { rule: 'slack', pattern: /(?<![A-Za-z0-9])(?:xapp|xox[a-z])-[\w-]{10,}/g },
  // PyPI and DigitalOcean. No rules there.
  { rule: 'pypi', pattern: /(?<![A-Za-z0-9])pypi-[\w-]{32,}/g },
  { rule: 'digitalocean', pattern: /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{64}/g },
  // A line of .npmrc; secretlint looks at it in a file of that name only.
  { rule: 'npm', pattern: /:_(?:authToken|auth|password)\s{0,16}=\s{0,16}(?<secret>[^\s"']{8,})/dg },
  // Of no known form, but named: in code, JSON, environments, connection strings and options.
  {
    rule: 'named',
    pattern:
      /(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|(?:api|access|account|private|signing|encryption)[_-]?key)\s{0,16}["']?\s{0,16}(?::|=>?)\s{0,16}["']?(?<secret>(?<=["'])[^"'\n]{6,}|[^\s"'`,;&<>(){}[\]]{8,})/dgi,
  },
  {
    rule: 'named',
    pattern:
      /--(?:[a-z]{1,20}-){0,3}(?:password|passphrase|secret|token|key)\s{1,16}["']?(?<secret>[^\s"'-][^\s"']{5,})/dgi,
  },
  // RFC 5321: 64 characters before the @. A person, not a secret, and no rule of any linter.
  {
    rule: 'email',
    pattern:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,320}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}\p{L}{2,24}/gu,
  },
];
