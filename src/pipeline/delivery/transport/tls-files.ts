import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';

/** Paths of PEM files. */
export interface TlsFiles {
  /** Authorities that are trusted instead of the usual ones. */
  ca: string | null;
  /** Client certificate, with those that lead to its authority; it may hold its key too. */
  cert: string | null;
  /** The key of `cert`, without a passphrase; null when it is in the same file. */
  key: string | null;
}

export type Tls = { kind: 'usable'; secureContext: SecureContext } | { kind: 'unusable'; reason: string };

/** Reads the files, once. The reason names the file and a code, never what is in it. */
export function readTls({ ca, cert, key }: TlsFiles): Tls {
  if (key !== null && cert === null)
    return { kind: 'unusable', reason: `${key}: a key without a certificate` };
  const files = [
    ['ca', ca],
    ['cert', cert],
    ['key', key ?? cert],
  ] as const;

  let pem: Partial<Record<'ca' | 'cert' | 'key', Buffer>> = {};
  let secureContext = createSecureContext();
  for (const [option, file] of files) {
    if (file === null) continue;
    try {
      const content = readFileSync(file);
      // The context takes authorities that are none without a word, and then trusts nobody.
      if (option === 'ca') new X509Certificate(content);
      pem = { ...pem, [option]: content };
      secureContext = createSecureContext(pem);
    } catch (error) {
      return { kind: 'unusable', reason: `${file}: ${codeOf(error)}` };
    }
  }
  return { kind: 'usable', secureContext };
}

function codeOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message;
  return String(error);
}
