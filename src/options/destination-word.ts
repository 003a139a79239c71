import type { Destination } from './run-options.ts';

/** A destination as `--forward` takes it; headers and certificates are not in it. */
export function destinationWord(destination: Destination): string {
  switch (destination.kind) {
    case 'none':
      return 'none';
    case 'file':
      return `file:${destination.path}`;
    default:
      return destination.url;
  }
}
