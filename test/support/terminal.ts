import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

export interface TerminalOptions {
  env: Readonly<Record<string, string>>;
  cwd: string;
  cols?: number;
  rows?: number;
}

/** One of the two is null. */
export interface TerminalExit {
  code: number | null;
  /** Number of the signal that ended it. */
  signal: number | null;
}

const keys = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  up: '\x1b[A',
  down: '\x1b[B',
  'ctrl-c': '\x03',
  'ctrl-d': '\x04',
  'ctrl-z': '\x1a',
} as const;

export type Key = keyof typeof keys;

/** A command in a pseudo-terminal of its own, with a screen that can be read. */
export class Terminal {
  readonly pid: number;
  readonly exit: Promise<TerminalExit>;
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  #running = true;
  #received = '';

  constructor(command: readonly string[], { env, cwd, cols = 120, rows = 40 }: TerminalOptions) {
    const [program = '', ...args] = command;
    this.#screen = new xterm.Terminal({ cols, rows, scrollback: 1000, allowProposedApi: true });
    this.#pty = spawn(program, args, { cols, rows, cwd, env: { ...env }, name: 'xterm-256color' });
    this.pid = this.#pty.pid;
    this.#pty.onData((data) => {
      this.#received += data;
      this.#screen.write(data);
    });
    // Answers to what the program asks the terminal: its attributes, the place of the cursor.
    this.#screen.onData((answer) => this.#write(answer));
    this.exit = new Promise((done) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#running = false;
        // 0 = no signal. The last output may still be on its way to the screen.
        this.#screen.write('', () =>
          done(signal ? { code: null, signal } : { code: exitCode, signal: null }),
        );
      });
    });
  }

  /** Every byte that came, control sequences included. */
  get received(): string {
    return this.#received;
  }

  /** The modes that programs have switched on or off. */
  get modes(): Readonly<xterm.IModes> & { alternateScreen: boolean } {
    const { modes, buffer } = this.#screen;
    return { ...modes, alternateScreen: buffer.active.type === 'alternate' };
  }

  /**
   * What the terminal shows, one line a row, without trailing blanks; `scrollback` adds what has left it at the top, `unwrapped` puts
   * lines together again that were too long for a row.
   */
  screen({ scrollback = false, unwrapped = false } = {}): string {
    const { buffer, rows } = this.#screen;
    const { baseY, length } = buffer.active;
    const lines: string[] = [];
    for (let row = scrollback ? 0 : baseY; row < (scrollback ? length : baseY + rows); row += 1) {
      const line = buffer.active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (unwrapped && line?.isWrapped) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    return lines.join('\n').trimEnd();
  }

  /**
   * Waits until the text is on the screen.
   * @throws {Error} with the screen in it, when the time is over or the program has ended without it
   */
  async waitFor(wanted: string | RegExp, timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const ended = !this.#running;
      if (ended) await this.exit;
      const screen = this.screen();
      if (typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) return;
      if (ended) throw new Error(`the program has ended without ${wanted} on the screen:\n${screen}`);
      if (performance.now() > deadline) throw new Error(`no ${wanted} after ${timeoutMs} ms:\n${screen}`);
      await sleep(50);
    }
  }

  resize(cols: number, rows: number): void {
    this.#screen.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** The window is closed: the kernel hangs up, and what a program still writes fails. */
  hangUp(): void {
    // Not in the published types: closes our end, then sends SIGHUP to the program as well.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  type(text: string): void {
    this.#write(text);
  }

  /** Types a line and presses Enter. */
  async submit(line: string): Promise<void> {
    this.type(line);
    await this.waitFor(line);
    await this.press('enter');
  }

  /** Waits a moment first, as a person does: a key right behind typed text counts as pasted, and a new dialog ignores it. */
  async press(key: Key): Promise<void> {
    await sleep(300);
    this.#write(keys[key]);
  }

  /** Ends whatever is left: the terminal goes away, and the group the command led is killed. */
  async close(): Promise<void> {
    if (this.#running) {
      try {
        process.kill(-this.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      await this.exit;
    }
    this.#screen.dispose();
  }

  #write(text: string): void {
    if (this.#running) this.#pty.write(text);
  }
}
