import { gzipSync } from 'node:zlib';

export interface HostileBody {
  name: string;
  contentType: string;
  contentEncoding?: string;
  body: Buffer;
}

const protobuf = 'application/x-protobuf';
const json = 'application/json';
const mebibyte = 1024 * 1024;

/** Bodies that are right as HTTP, and made to hurt whoever unpacks or decodes them. */
export function hostileBodies(): HostileBody[] {
  const zeros = gzipSync(Buffer.alloc(16 * mebibyte));
  const bomb = Buffer.concat(Array.from({ length: 64 }, () => zeros));
  const gzip = { contentType: protobuf, contentEncoding: 'gzip' };
  return [
    { name: '1 MB that becomes 1 GB', ...gzip, body: bomb },
    { name: 'a bomb in a bomb', ...gzip, body: gzipSync(bomb) },
    { name: '60 MB of zeros', ...gzip, body: gzipSync(Buffer.alloc(60 * mebibyte)) },
    { name: 'nested 10,000 deep', contentType: protobuf, body: resourceLogs(deepValue(10_000)) },
    { name: 'groups in groups', contentType: protobuf, body: Buffer.alloc(mebibyte, 0x0b) },
    { name: '100,000 attributes', contentType: protobuf, body: resourceLogs(attributes(100_000)) },
    { name: 'a length beyond the end', contentType: protobuf, body: Buffer.from('0affffffff0f', 'hex') },
    { name: 'varints without end', contentType: protobuf, body: Buffer.alloc(mebibyte, 0xff) },
    { name: 'NUL bytes', contentType: protobuf, body: Buffer.alloc(mebibyte) },
    { name: 'JSON nested a million deep', contentType: json, body: Buffer.from('['.repeat(1_000_000)) },
    { name: 'JSON in values in values', contentType: json, body: deepJson(100_000) },
    { name: 'JSON of NUL bytes', contentType: json, body: Buffer.alloc(mebibyte) },
    { name: 'a prototype', contentType: json, body: Buffer.from('{"__proto__":{"resourceLogs":[]}}') },
    { name: '30 million empty resources', ...gzip, body: gzipSync(Buffer.alloc(60 * mebibyte, '\n\0')) },
    { name: '60 million buckets', ...gzip, body: gzipSync(buckets(60 * mebibyte)) },
    { name: '20 million JSON resources', contentType: json, body: emptyResources(20_000_000) },
  ];
}

/** A field of wire type 2 with a number below 16. */
function field(number: number, value: Buffer): Buffer {
  const head = [(number << 3) | 2];
  let length = value.length;
  while (length > 0x7f) {
    head.push((length & 0x7f) | 0x80);
    length >>>= 7;
  }
  return Buffer.concat([Buffer.from([...head, length]), value]);
}

/** ExportLogsServiceRequest.resource_logs[].resource.attributes */
function resourceLogs(attributesField: Buffer): Buffer {
  return field(1, field(1, attributesField));
}

/** ExportMetricsServiceRequest … exponential_histogram.data_points[].positive.bucket_counts, packed. */
function buckets(count: number): Buffer {
  const point = field(8, field(2, Buffer.alloc(count, 1)));
  return field(1, field(2, field(2, field(10, field(1, point)))));
}

function emptyResources(count: number): Buffer {
  return Buffer.from(`{"resourceLogs":[${'{},'.repeat(count)}{}]}`);
}

function attributes(count: number): Buffer {
  const one = field(1, Buffer.concat([field(1, Buffer.from('k')), field(2, field(1, Buffer.from('v')))]));
  return Buffer.concat(Array.from({ length: count }, () => one));
}

/** AnyValue.array_value.values[] in itself. */
function deepValue(depth: number): Buffer {
  let value = field(1, Buffer.from('v'));
  for (let i = 0; i < depth; i++) value = field(5, field(1, value));
  return field(1, Buffer.concat([field(1, Buffer.from('k')), field(2, value)]));
}

function deepJson(depth: number): Buffer {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
  return Buffer.from(`{"resourceLogs":[{"resource":{"attributes":[{"key":"k","value":${value}}]}}]}`);
}
