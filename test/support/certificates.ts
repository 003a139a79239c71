import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Identity {
  cert: string;
  key: string;
}

export interface IdentityOptions {
  /** As OpenSSL writes a subjectAltName: `DNS:localhost,IP:127.0.0.1`. */
  names?: string;
  /** Below 0 it has expired. */
  days?: number;
}

/** A made-up certificate authority with a folder of its own. */
export interface Authority {
  /** Path of its certificate, PEM. */
  ca: string;
  issue(options?: IdentityOptions): Identity;
  remove(): void;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function createAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'ai-trace-certificates-'));
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=made up',
  );
  let issued = 0;
  return {
    ca: join(folder, 'ca.pem'),
    issue({ names = 'DNS:localhost,IP:127.0.0.1', days = 2 } = {}) {
      issued += 1;
      const name = `issued-${issued}`;
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
      const what = ['-extfile', `${name}.ext`, '-days', String(days)];
      openssl('x509', '-req', '-in', `${name}.csr`, ...signer, ...what, '-out', `${name}.pem`);
      return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
