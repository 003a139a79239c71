import type { Answer } from './transport.ts';

/**
 * What it means that there was no answer to a request. What fails because of how it is set up fails the next
 * time too: TLS that does not come about, headers that cannot be sent, a peer that speaks something else, a proxy
 * that refuses. All the rest may pass.
 *
 * @param socketFault what the socket said, where `error` may leave it out
 */
export function answerToFault(error: unknown, socketFault?: Error): Answer {
  const { code, message } = partsOf(error);
  const proxyStatus = /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(message)?.[1];
  if (proxyStatus !== undefined) return proxyRefusal(Number(proxyStatus));
  const socketCode = partsOf(socketFault).code;
  if (code === 'UND_ERR_SOCKET' && isTlsFault(socketCode)) return { kind: 'misdirected', reason: socketCode };
  if (isTlsFault(code)) return { kind: 'misdirected', reason: code };
  if (code === 'UND_ERR_INVALID_ARG') return { kind: 'misdirected', reason: message };
  if (/\((Expected HTTP|Invalid HTTP version|Invalid status code)/.test(message)) {
    return { kind: 'misdirected', reason: 'not HTTP' };
  }
  return { kind: 'unavailable', reason: shortReason(error, code, message), answered: false };
}

/** OpenSSL's codes for a certificate that is not accepted, and Node's for all else about TLS. */
function isTlsFault(code: string): boolean {
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return false;
  return /^(EPROTO$|ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_|HOSTNAME_MISMATCH$)/.test(
    code,
  );
}

/** A proxy that cannot reach the collector says so as a gateway does. */
function proxyRefusal(status: number): Answer {
  const reason = `proxy: HTTP ${status}`;
  if (status >= 500) return { kind: 'unavailable', reason, answered: false };
  return { kind: 'misdirected', reason };
}

function shortReason(error: unknown, code: string, message: string): string {
  const name = error instanceof Error ? error.name : '';
  if (/^(AbortError|TimeoutError)$/.test(name) || /^UND_ERR_\w+_TIMEOUT$/.test(code))
    return 'no answer in time';
  if (code === 'UND_ERR_SOCKET') return 'connection closed';
  if (name === 'HTTPParserError') return 'broken HTTP';
  return code || message;
}

function partsOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const { message } = error;
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', message };
}
