import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { loadOptions } from '../../../src/options/load.ts';
import { optionTable } from '../../../src/options/table.ts';

const rows = Object.values(optionTable);

/** As the command line is wired: one loop over the table. */
function commandOf(): Command {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const row of rows) {
    const option = new Option(row.flag, row.help);
    if (row.shape === 'list' || row.shape === 'pairs') {
      option.argParser((text: string, before: string[] = []) => [...before, text]);
    }
    command.addOption(option);
  }
  return command;
}

describe('the option table', () => {
  it('names every flag, variable and key once', () => {
    for (const name of ['flag', 'env', 'key'] as const) {
      expect(new Set(rows.map((row) => row[name])).size).toBe(rows.length);
    }
  });

  it('derives variable and flag from the key', () => {
    for (const row of rows) {
      expect(row.env).toBe(`AI_TRACE_${row.key.toUpperCase()}`);
      const flag = row.key.replace(/^(tag|forward_header)s$/, '$1').replaceAll('_', '-');
      expect(row.flag).toContain(`--${flag}`);
    }
  });

  it('feeds commander, whose result is a source of options', async () => {
    const argv = ['-q', '--forward', 'http://a:1', '--forward=file:/b,c', '--tag', 'a=1,2', '--tag', 'b='];
    const flags = commandOf()
      .parse([...argv, '--forward-header', 'X-K=v', '--summary-file', '/s'], { from: 'user' })
      .opts();
    const fs = { read: () => undefined, exists: () => false, isPrivate: () => true };
    const loaded = await loadOptions({ flags, env: {}, cwd: '/w', home: '/h', userFile: '/c', fs });
    expect(loaded).toMatchObject({
      ok: true,
      options: {
        forward: [
          { kind: 'http', url: 'http://a:1', headers: { 'x-k': 'v' }, tls: null },
          { kind: 'file', path: '/b,c' },
        ],
        tags: { a: '1,2', b: '' },
        summaryFile: '/s',
        quiet: true,
      },
    });
  });
});
