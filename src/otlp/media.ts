/**
 * The two encodings of OTLP/HTTP. No codec is loaded here: the listener needs this before the first body,
 * while the user waits for the CLI to start.
 */
export type Encoding = 'protobuf' | 'json';

export const mediaTypes: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** The encoding a Content-Type names; letter case and parameters (`; charset=utf-8`) do not matter. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const [type = ''] = (contentType ?? '').split(';');
  switch (type.trim().toLowerCase()) {
    case mediaTypes.protobuf:
      return 'protobuf';
    case mediaTypes.json:
      return 'json';
    default:
      return undefined;
  }
}

/**
 * The body of a full success, an Export…ServiceResponse without any field, for a request of this
 * Content-Type.
 */
export function successBody(contentType: string | undefined): string {
  return encodingOf(contentType) === 'json' ? '{}' : '';
}
