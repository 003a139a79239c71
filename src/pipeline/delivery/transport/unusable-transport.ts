import type { Transport } from './transport.ts';

/** For a destination that cannot work as it is configured. */
export function unusableTransport(reason: string): Transport {
  return {
    export: async () => ({ kind: 'misdirected', reason }),
    close: async () => {},
  };
}
