/** Secrets that nobody has, in the forms that real ones have. */
import fc from 'fast-check';

export interface MadeUp {
  /** As it stands in a text. */
  text: string;
  /** What of it must not be seen again. */
  parts: readonly string[];
}

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const digits = '0123456789';
const alphanumeric = upper + lower + digits;
const base64 = `${alphanumeric}+/`;
const base64url = `${alphanumeric}_-`;
const hex = `${digits}abcdef`;

function of(characters: string, length: number): fc.Arbitrary<string> {
  const character = fc.constantFrom(...characters);
  return fc.string({ unit: character, minLength: length, maxLength: length });
}

/** The strings of the template stand in every secret of the form, what is between them is its own. */
function form(strings: TemplateStringsArray, ...own: fc.Arbitrary<string>[]): fc.Arbitrary<MadeUp> {
  return fc.tuple(...own).map((parts) => ({
    text: strings.map((text, i) => text + (parts[i] ?? '')).join(''),
    // A short part may stand in any text by chance.
    parts: parts.filter((part) => part.length >= 12),
  }));
}

const password = of(alphanumeric, 16);

const privateKey: fc.Arbitrary<MadeUp> = fc
  .tuple(
    fc.constantFrom('', 'RSA ', 'EC ', 'OPENSSH ', 'ENCRYPTED '),
    fc.array(of(base64, 64), { minLength: 6, maxLength: 12 }),
  )
  .map(([kind, parts]) => ({
    text: `-----BEGIN ${kind}PRIVATE KEY-----\n${parts.join('\n')}\n-----END ${kind}PRIVATE KEY-----`,
    parts,
  }));

const kinds: Readonly<Record<string, fc.Arbitrary<MadeUp>>> = {
  'AWS access key id': form`AKIA${of(`${upper}234567`, 16)}`,
  'AWS secret access key': form`AWS_SECRET_ACCESS_KEY=${of(base64, 40)}`,
  'Google API key': form`AIza${of(base64url, 35)}`,
  'Google access token': form`ya29.${of(base64url, 60)}`,
  'Azure storage key': form`AccountName=box;AccountKey=${of(base64, 86)}==`,
  'Azure client secret': form`${of(alphanumeric, 3)}8Q~${of(alphanumeric, 34)}`,
  'Azure shared link': form`https://box.blob.core.windows.net/c?sv=2022-11-02&sig=${of(alphanumeric, 40)}%3D`,
  'GitHub token': form`ghp_${of(alphanumeric, 36)}`,
  'GitHub fine-grained token': form`github_pat_${of(alphanumeric, 22)}_${of(alphanumeric, 59)}`,
  'GitLab token': form`glpat-${of(base64url, 20)}`,
  'Slack bot token': form`xoxb-${of(digits, 12)}-${of(digits, 12)}-${of(alphanumeric, 24)}`,
  'Slack app token': form`xapp-1-A${of(upper, 10)}-${of(digits, 13)}-${of(hex, 64)}`,
  'Slack webhook': form`https://hooks.slack.com/services/T${of(upper, 9)}/B${of(upper, 9)}/${of(alphanumeric, 24)}`,
  'Stripe key': form`sk_live_${of(alphanumeric, 24)}`,
  'OpenAI key': form`sk-proj-${of(base64url, 148)}`,
  'OpenAI key of old': form`sk-${of(alphanumeric, 20)}T3BlbkFJ${of(alphanumeric, 20)}`,
  'Anthropic key': form`sk-ant-api03-${of(base64url, 93)}AA`,
  'Anthropic login': form`sk-ant-oat01-${of(base64url, 93)}AA`,
  'npm token': form`npm_${of(alphanumeric, 36)}`,
  'line of .npmrc': form`//registry.example.org/:_authToken=${of(hex, 36)}`,
  'PyPI token': form`pypi-AgEIcHlwaS5vcmc${of(base64url, 90)}`,
  'Hugging Face token': form`hf_${of(upper + lower, 34)}`,
  JWT: form`eyJhbGciOiJIUzI1NiJ9.eyJ${of(base64url, 30)}.${of(base64url, 43)}`,
  'private key': privateKey,
  'private key, cut off': privateKey.map(({ text, parts: [first = ''] }) => ({
    text: text.slice(0, 250),
    parts: [first],
  })),
  'PostgreSQL URL': form`postgres://app:${password}@db.example.org:5432/prod`,
  'Redis URL': form`redis://:${password}@cache:6379/0`,
  'web URL': form`https://wren:${password}@example.org/x`,
  'token in a URL': form`https://${of(alphanumeric, 40)}@git.example.org/x.git`,
  'ADO.NET password': form`Server=db;User ID=sa;Password=${password}`,
  'Bearer header': form`Authorization: Bearer ${of(`${base64url}.`, 40)}`,
  'Basic header': form`authorization: Basic ${of(base64, 24)}`,
  'environment variable': form`MY_API_KEY=${of(alphanumeric, 32)}`,
  'JSON member': form`"client_secret": "${of(alphanumeric, 24)}"`,
  option: form`--db-password ${password}`,
  'e-mail': form`${of(lower, 12)}@mail.example.org`,
};

export const kindsOfSecrets: readonly string[] = Object.keys(kinds);

export function secretOf(kind: string): fc.Arbitrary<MadeUp> {
  return kinds[kind] ?? fc.constant({ text: '', parts: [] });
}
