/** A traced run that this one is part of: its CLI has started us, as a tool, a hook or a server of its. */
export interface OuterRun {
  runId: string;
  /** Its session's span, as W3C Trace Context writes it; null where it sends no spans of its own making. */
  traceParent: string | null;
  /** Where it sends its telemetry, without any credentials. Claude Code takes the user's OTEL_… variables from its tools. */
  forward: readonly string[];
}

/** Nothing in it is secret: every program that the CLI starts can read it. */
export const activeVariable = 'AI_TRACE_ACTIVE';

interface Active extends OuterRun {
  pid: number;
}

/** Variables that name a file or folder of one run: those within it are not to write there. */
const ofOneRun = ['AI_TRACE_SUMMARY_FILE', 'AI_TRACE_RECORD'];

/** What tells the programs that the CLI starts of this run; undefined removes a variable. */
export function activeEnvironment(run: OuterRun): Record<string, string | undefined> {
  const active: Active = { ...run, pid: process.pid };
  return {
    ...Object.fromEntries(ofOneRun.map((name) => [name, undefined])),
    [activeVariable]: JSON.stringify(active),
  };
}

/** null when there is none, or none any more: what an agent leaves behind (a tmux server) keeps the variable. */
export function outerRunOf(env: NodeJS.ProcessEnv, isAlive = livesStill): OuterRun | null {
  const active = parse(env[activeVariable]);
  return active !== null && isAlive(active.pid) ? active : null;
}

function parse(text: string | undefined): Active | null {
  if (text === undefined) return null;
  try {
    const { pid, runId, traceParent, forward } = JSON.parse(text) as Partial<Active>;
    if (typeof pid !== 'number' || typeof runId !== 'string' || !Array.isArray(forward)) return null;
    return { pid, runId, traceParent: typeof traceParent === 'string' ? traceParent : null, forward };
  } catch {
    return null;
  }
}

function livesStill(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's is alive, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
