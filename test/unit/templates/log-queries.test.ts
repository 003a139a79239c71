import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const files = [
  'README.md',
  ...['docs', 'templates'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length)),
  ),
];

// Through OTLP a line is the event's name alone. A query that takes it apart finds nothing, without an error.
test.each(files)('%s looks for attributes in the metadata of Loki, not in the line', (file) => {
  expect(readFileSync(join(root, file), 'utf8')).not.toMatch(/\|\s*(json|logfmt|unpack)\b/);
});
