import type { Answer } from '../../pipeline/delivery/transport/transport.ts';
import type { DestinationFinding } from '../../report/doctor-messages.ts';

/** What the answer to one request means for who has set this up; null when it was taken. */
export function answerFinding(answer: Answer, url: string): DestinationFinding | null {
  switch (answer.kind) {
    case 'taken':
      if (answer.rejected === 0) return null;
      return { kind: 'partly_refused', url, records: answer.rejected, reason: answer.message };
    case 'unavailable':
      return { kind: answer.answered ? 'overloaded' : silence(answer.reason), url, reason: answer.reason };
    case 'misdirected':
      return { kind: misdirection(answer.reason), url, reason: answer.reason };
    case 'bad_data':
    case 'refused':
      return { kind: 'refused', url, reason: answer.reason };
  }
}

function silence(reason: string): 'nobody_listens' | 'name_unresolved' | 'no_answer' {
  if (reason === 'ECONNREFUSED') return 'nobody_listens';
  return /ENOTFOUND|EAI_AGAIN|resolution failed/i.test(reason) ? 'name_unresolved' : 'no_answer';
}

/** The reasons are of http-answer.ts, connection-fault.ts and grpc-status.ts. */
function misdirection(reason: string): 'unauthorized' | 'no_collector' | 'tls_untrusted' | 'unusable' {
  if (/\b(401|403|407|UNAUTHENTICATED|PERMISSION_DENIED)\b/.test(reason)) return 'unauthorized';
  if (/^(HTTP \d|not (HTTP|gRPC)|gRPC )/.test(reason)) return 'no_collector';
  if (/\.pem: |: E[A-Z]+$|is no http|cannot be sent/.test(reason)) return 'unusable';
  return 'tls_untrusted';
}
