import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { terminalReset } from '../../../src/launcher/terminal.ts';

/** Flags of the kitty keyboard protocol, which xterm.js does not know: a stack for each screen. */
function kittyStacks(terminal: InstanceType<typeof xterm.Terminal>) {
  const stacks: Record<'normal' | 'alternate', (number | number[] | undefined)[]> = {
    normal: [],
    alternate: [],
  };
  const current = () => stacks[terminal.buffer.active.type];
  terminal.parser.registerCsiHandler({ prefix: '>', final: 'u' }, ([flags]) => current().push(flags) > 0);
  terminal.parser.registerCsiHandler({ prefix: '<', final: 'u' }, () => {
    current().pop();
    return true;
  });
  return stacks;
}

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

  it('takes back what was asked of the keyboard on either screen, and nothing from before', async () => {
    const terminal = new xterm.Terminal({ cols: 40, rows: 10, allowProposedApi: true });
    const stacks = kittyStacks(terminal);
    const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
    // As Codex does, in a terminal where a program above it has asked for something as well.
    await write('\x1b[>1u\x1b[>7u\x1b[?1049h\x1b[>7u');
    expect(stacks).toEqual({ normal: [1, 7], alternate: [7] });
    await write(terminalReset);
    expect(stacks).toEqual({ normal: [1], alternate: [] });
  });

  it('lets the whole screen scroll and long lines wrap again, without moving the cursor', async () => {
    const terminal = await screenAfter(
      'one\r\ntwo',
      '\x1b7\x1b[1;2r\x1b8\x1b[?7l\x1b(0',
      terminalReset,
      `${'qx'.repeat(21)}`,
    );
    const { active } = terminal.buffer;
    const lines = [0, 1, 2, 3].map((row) => active.getLine(row)?.translateToString(true));
    expect(lines).toEqual(['one', 'two', 'qx'.repeat(20), 'qx']);
  });
});
