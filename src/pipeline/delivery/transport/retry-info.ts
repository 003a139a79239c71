import protobuf from 'protobufjs/light.js';

/** The few messages of google.rpc (status.proto, error_details.proto) and their fields that are needed. */
const root = protobuf.Root.fromJSON({
  nested: {
    Status: { fields: { details: { rule: 'repeated', type: 'Any', id: 3 } } },
    Any: { fields: { typeUrl: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
    RetryInfo: { fields: { retryDelay: { type: 'Duration', id: 1 } } },
    Duration: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
  },
});
const statusType = root.lookupType('Status');
const retryInfoType = root.lookupType('RetryInfo');

/** What a collector says of when to come again: `delayMs` is undefined when it leaves that open. */
export interface RetryInfo {
  delayMs: number | undefined;
}

/** Looks for a RetryInfo in a google.rpc.Status, as `grpc-status-details-bin` carries it; null without one. */
export function readRetryInfo(status: Uint8Array): RetryInfo | null {
  try {
    const { details = [] } = statusType.toObject(statusType.decode(status)) as StatusMessage;
    const found = details.find(({ typeUrl }) => typeUrl?.endsWith('/google.rpc.RetryInfo'));
    if (!found) return null;
    const decoded = retryInfoType.decode(found.value ?? new Uint8Array());
    const { retryDelay } = retryInfoType.toObject(decoded, { longs: Number }) as RetryInfoMessage;
    return { delayMs: retryDelay && delayOf(retryDelay) };
  } catch {
    return null;
  }
}

function delayOf({ seconds = 0, nanos = 0 }: DurationMessage): number {
  return Math.max(0, seconds * 1000 + Math.ceil(nanos / 1e6));
}

interface StatusMessage {
  details?: { typeUrl?: string; value?: Uint8Array }[];
}

interface DurationMessage {
  seconds?: number;
  nanos?: number;
}

interface RetryInfoMessage {
  retryDelay?: DurationMessage;
}
