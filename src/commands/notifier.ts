import { spawn } from 'node:child_process';
import { type NotificationText, notificationText } from '../report/messages.ts';
import {
  type Ended,
  endedSession,
  endedTurn,
  isTurnTold,
  type Setting,
  toldAtEnd,
} from '../report/notification.ts';
import type { Receipt } from '../report/receipt.ts';
import type { AgentEvent, TurnEndEvent } from '../session/event.ts';
import type { Session } from '../session/session.ts';
import { turnOf } from '../session/turn.ts';

/** Shows a notification, or does nothing: nobody waits for it. */
export type Show = (text: NotificationText) => void;

/** The end of a turn may arrive before its last records: Claude sends its logs each second. ms */
const recordsLagMs = 1500;

/** Tells the ends of turns and of the session on the desktop (`--notify`). */
export class Notifier {
  readonly #session: Session;
  readonly #title: string;
  readonly #setting: Setting;
  readonly #show: Show;
  /** Turns that have ended and whose last records may still be on their way. */
  readonly #open = new Map<TurnEndEvent, NodeJS.Timeout>();
  #told: { turn: Ended; at: number } | null = null;

  /** @param title name of the CLI for people */
  constructor(session: Session, title: string, setting: Setting, show: Show = showOnDesktop) {
    this.#session = session;
    this.#title = title;
    this.#setting = setting;
    this.#show = show;
  }

  /** To be called with each event once the session knows of it. */
  onEvent(event: AgentEvent): void {
    if (event.kind !== 'turn_end' || this.#setting.mode === 'never') return;
    this.#open.set(event, setTimeout(() => this.#turnEnded(event), recordsLagMs).unref());
  }

  sessionEnded(receipt: Receipt): void {
    const open = [...this.#open.keys()].map((event) => this.#turn(event));
    for (const timer of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
    const told = this.#told && { turn: this.#told.turn, ago: Date.now() - this.#told.at };
    const turns = open.filter((turn) => turn !== null);
    for (const ended of toldAtEnd(endedSession(receipt), turns, told, this.#setting)) this.#tell(ended);
  }

  #turnEnded(event: TurnEndEvent): void {
    this.#open.delete(event);
    const turn = this.#turn(event);
    if (turn === null || !isTurnTold(turn, this.#setting)) return;
    this.#told = { turn, at: Date.now() };
    this.#tell(turn);
  }

  #turn(event: TurnEndEvent): Ended | null {
    const turn = turnOf(this.#session, event);
    return turn && endedTurn(turn, this.#session.billing);
  }

  #tell(ended: Ended): void {
    this.#show(notificationText(ended, this.#title));
  }
}

/** Is there a desktop that could show something? macOS and Windows have one. */
export function hasDesktop(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/** Its arguments: the file of node-notifier, and what to show. */
const helper = 'require(process.argv[1]).notify(JSON.parse(process.argv[2]))';

/**
 * Shows it by a process in a session of its own: a system's notifier that hangs holds nobody, and it lives on
 * when our terminal closes with us. Should it fail, nobody is told: a notification is an extra.
 */
export function showOnDesktop({ title, message }: NotificationText): void {
  // `app-name` is a word of notify-send; elsewhere it means nothing.
  const options = JSON.stringify({ title, message, 'app-name': 'ai-trace' });
  try {
    // It brings the loader of ES modules along, which others do not need.
    const { createRequire } = process.getBuiltinModule('node:module');
    const require = createRequire(import.meta.url);
    const args = ['-e', helper, require.resolve('node-notifier'), options];
    const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore', windowsHide: true });
    child.on('error', () => {});
    child.unref();
  } catch {
    // not installed beside us, or no more processes
  }
}
