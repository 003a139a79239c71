import type { Answer } from './transport.ts';

/** What a proxy answered instead of leading on. */
export class ProxyRefusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`proxy: HTTP ${status}`);
    this.status = status;
  }
}

/**
 * What it means that there was no answer to a request. What fails because of how it is set up fails the next
 * time too: TLS that does not come about, a peer that speaks something else, a proxy that refuses. All the rest
 * may pass.
 */
export function answerToFault(error: unknown): Answer {
  if (error instanceof ProxyRefusal) return answerToRefusal(error);
  const code = codeOf(error);
  if (isTlsFault(code)) return { kind: 'misdirected', reason: code };
  if (isOtherProtocol(code)) return { kind: 'misdirected', reason: 'not HTTP' };
  return { kind: 'unavailable', reason: shortReason(error, code), answered: false };
}

/** A proxy that cannot reach the collector says so as a gateway does. */
function answerToRefusal({ status, message: reason }: ProxyRefusal): Answer {
  if (status >= 500) return { kind: 'unavailable', reason, answered: false };
  return { kind: 'misdirected', reason };
}

/** The other end has closed the connection. It depends on the moment which of the two Node says. */
export function isConnectionEnd(error: Error): boolean {
  return /^(ECONNRESET|EPIPE)$/.test(codeOf(error));
}

/** OpenSSL's codes for a certificate that is not accepted, and Node's for all else about TLS. */
function isTlsFault(code: string): boolean {
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return false;
  return /^(EPROTO$|ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_|HOSTNAME_MISMATCH$)/.test(
    code,
  );
}

/** The codes of Node's parser for a first line that is not HTTP/1's. */
function isOtherProtocol(code: string): boolean {
  return /^HPE_INVALID_(CONSTANT|VERSION|STATUS)$/.test(code);
}

function shortReason(error: unknown, code: string): string {
  if (!(error instanceof Error)) return String(error);
  if (/^(AbortError|TimeoutError)$/.test(error.name)) return 'no answer in time';
  if (code.startsWith('HPE_')) return 'broken HTTP';
  if (isConnectionEnd(error)) return 'connection closed';
  return code || error.message;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
