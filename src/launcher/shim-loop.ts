/** What one ai-trace says to another that the program it starts may be, or may start. */
interface Started {
  /** Of that ai-trace. */
  pid: number;
  /** The last is the one it started; those before have led back to ai-trace. */
  programs: readonly string[];
  /** So many of ai-trace stand above each other. */
  depth: number;
}

export const startedVariable = 'AI_TRACE_STARTED';

/** Runs that agents start within each other are never so many. */
const depthLimit = 12;

/**
 * Two of ai-trace may stand above each other for two reasons. An agent runs ai-trace as a tool: then a CLI lives
 * between them. Or what the first found on PATH as `codex` is a shim that calls `ai-trace codex "$@"`, or a second
 * ai-trace: then there is no CLI yet, and calling it again would go on for ever.
 */
export interface Above {
  /** Programs that are no CLI: they have led back to us. */
  skip: readonly string[];
  /** The program that the ai-trace above us has started for the CLI; null without one. */
  program: string | null;
  depth: number;
  /** It goes round in a way that is not seen through: to be stopped. */
  isEndless: boolean;
}

/** @param ppid our parent. When it is the ai-trace above, we are the program that it started. */
export function readAbove(env: NodeJS.ProcessEnv, ppid: number): Above {
  const started = parse(env[startedVariable]);
  if (started === null) return { skip: [], program: null, depth: 0, isEndless: false };
  const { pid, programs, depth } = started;
  return {
    skip: pid === ppid ? programs : [],
    program: programs.at(-1) ?? null,
    depth,
    isEndless: depth >= depthLimit,
  };
}

/** The value of the variable for the program that we start. */
export function startedValue({ skip, depth }: Above, program: string): string {
  const started: Started = { pid: process.pid, programs: [...skip, program], depth: depth + 1 };
  return JSON.stringify(started);
}

function parse(text: string | undefined): Started | null {
  if (text === undefined) return null;
  try {
    const { pid, programs, depth } = JSON.parse(text) as Partial<Started>;
    const isList = Array.isArray(programs) && programs.every((each) => typeof each === 'string');
    return typeof pid === 'number' && typeof depth === 'number' && isList ? { pid, programs, depth } : null;
  } catch {
    return null;
  }
}
