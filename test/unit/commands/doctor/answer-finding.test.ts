import { expect, test } from 'vitest';
import { answerFinding } from '../../../../src/commands/doctor/answer-finding.ts';

const url = 'http://collector';
const silent = (reason: string) => ({ kind: 'unavailable', reason, answered: false }) as const;
const misdirected = (reason: string) => ({ kind: 'misdirected', reason }) as const;

test('an answer that is none of these is no fault', () => {
  expect(answerFinding({ kind: 'taken', bytes: 1, rejected: 0, message: '' }, url)).toBeNull();
});

test.each([
  [silent('ECONNREFUSED'), 'nobody_listens'],
  [silent('ENOTFOUND'), 'name_unresolved'],
  [silent('EAI_AGAIN'), 'name_unresolved'],
  [silent('Name resolution failed for target dns:nowhere:4317'), 'name_unresolved'],
  [silent('no answer in time'), 'no_answer'],
  [silent('EHOSTUNREACH'), 'no_answer'],
  [misdirected('HTTP 401'), 'unauthorized'],
  [misdirected('gRPC UNAUTHENTICATED'), 'unauthorized'],
  [misdirected('gRPC PERMISSION_DENIED'), 'unauthorized'],
  [misdirected('proxy: HTTP 407'), 'unauthorized'],
  [misdirected('gRPC UNIMPLEMENTED'), 'no_collector'],
  [misdirected('HTTP 200 with a web page'), 'no_collector'],
  [misdirected('not HTTP'), 'no_collector'],
  [misdirected('/home/u/ca.pem: ENOENT'), 'unusable'],
  [misdirected('https_proxy is no http:// URL'), 'unusable'],
  [misdirected('header expect cannot be sent'), 'unusable'],
  [misdirected('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls_untrusted'],
  [misdirected('EPROTO'), 'tls_untrusted'],
  [{ kind: 'bad_data', reason: 'HTTP 400' } as const, 'refused'],
])('%j is %s', (answer, kind) => {
  expect(answerFinding(answer, url)?.kind).toBe(kind);
});
