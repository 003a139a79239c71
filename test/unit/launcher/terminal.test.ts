import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { terminalReset } from '../../../src/launcher/terminal.ts';

async function screenAfter(...writes: string[]) {
  const terminal = new xterm.Terminal({ cols: 40, rows: 10, allowProposedApi: true });
  for (const text of writes) await new Promise<void>((resolve) => terminal.write(text, resolve));
  return terminal;
}

describe('terminalReset', () => {
  it('undoes what a full-screen program switched on', async () => {
    const modes = '\x1b[?1049h\x1b[?1003h\x1b[?1006h\x1b[?1004h\x1b[?2004h\x1b[?2026h\x1b[?25l';
    const before = await screenAfter('$ claude\r\n', modes);
    expect(before.buffer.active.type).toBe('alternate');
    expect(before.modes).toMatchObject({ mouseTrackingMode: 'any', bracketedPasteMode: true });

    const after = await screenAfter('$ claude\r\n', modes, 'a screen', terminalReset);
    expect(after.buffer.active.type).toBe('normal');
    expect(after.modes).toMatchObject({
      mouseTrackingMode: 'none',
      bracketedPasteMode: false,
      sendFocusMode: false,
    });
    expect(after.buffer.active.getLine(0)?.translateToString(true)).toBe('$ claude');
  });

  it('goes on below the text of a program that used no alternate screen', async () => {
    const terminal = await screenAfter('$ codex\r\nworking', terminalReset, '$ ');
    const lines = [0, 1, 2].map((row) => terminal.buffer.active.getLine(row)?.translateToString(true));
    expect(lines).toEqual(['$ codex', 'working', '$ ']);
  });
});
