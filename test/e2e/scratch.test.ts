import { test } from 'vitest';
import { rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;
for (const name of ['codex', 'gemini', 'claude'] as const)
  test(name, async () => {
    const r = await rig(name, { main: [done] });
    const t = await traced(name, r, 'say hello', { own: ['--summary', 'always'] });
    console.log(t.code, t.ms, t.stdout.toString(), t.stderr);
    console.log(JSON.stringify({ ...t.receipt }, null, 1));
    console.log(t.forwarded.length);
  });
