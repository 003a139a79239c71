import { posix, win32 } from 'node:path';

/** Where ai-trace keeps its files (design.md §3). Directories may not exist yet. */
export interface FilePaths {
  configFile: string;
  /** What could not be delivered yet, and what a killed run has left. */
  spoolDir: string;
  /** What was written into the CLIs' own files, and how they were before. */
  recordsDir: string;
  cacheDir: string;
  /** Gone after the user's last logout, where the system offers such a place. */
  runtimeDir: string;
  /** One directory per month, `YYYY-MM`. */
  sessionsDir(month: string): string;
}

export interface Machine {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  home: string;
  /** The user's number; -1 on Windows, which has none. */
  uid: number;
}

/**
 * Linux and other Unixes: XDG Base Directory Specification; macOS and Windows: the places the `env-paths`
 * package chose.
 */
export function filePaths(machine: Machine): FilePaths {
  const { join } = machine.platform === 'win32' ? win32 : posix;
  const { config, state, cache, runtime } = directories(machine);
  return {
    configFile: join(config, 'config.toml'),
    spoolDir: join(state, 'spool'),
    recordsDir: join(state, 'config'),
    cacheDir: cache,
    runtimeDir: runtime,
    sessionsDir: (month) => join(state, 'sessions', month),
  };
}

interface Directories {
  config: string;
  state: string;
  cache: string;
  runtime: string;
}

function directories(machine: Machine): Directories {
  switch (machine.platform) {
    case 'win32':
      return onWindows(machine);
    case 'darwin':
      return onMac(machine);
    default:
      return onUnix(machine);
  }
}

function onUnix({ env, home, uid }: Machine): Directories {
  const base = (name: string, otherwise: string) => posix.join(absolute(env[name]) ?? otherwise, 'ai-trace');
  return {
    config: base('XDG_CONFIG_HOME', posix.join(home, '.config')),
    state: base('XDG_STATE_HOME', posix.join(home, '.local', 'state')),
    cache: base('XDG_CACHE_HOME', posix.join(home, '.cache')),
    runtime: base('XDG_RUNTIME_DIR', `/tmp/ai-trace-${uid}`),
  };
}

function onMac({ env, home, uid }: Machine): Directories {
  const library = posix.join(home, 'Library');
  return {
    config: posix.join(library, 'Preferences', 'ai-trace'),
    state: posix.join(library, 'Application Support', 'ai-trace'),
    cache: posix.join(library, 'Caches', 'ai-trace'),
    // TMPDIR is the user's own on macOS.
    runtime: posix.join(absolute(env['TMPDIR']) ?? `/tmp/ai-trace-${uid}`, 'ai-trace'),
  };
}

function onWindows({ env, home }: Machine): Directories {
  const roaming = env['APPDATA'] || win32.join(home, 'AppData', 'Roaming');
  const local = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
  return {
    config: win32.join(roaming, 'ai-trace', 'Config'),
    state: win32.join(local, 'ai-trace', 'Data'),
    cache: win32.join(local, 'ai-trace', 'Cache'),
    runtime: win32.join(env['TEMP'] || win32.join(local, 'Temp'), 'ai-trace'),
  };
}

/**
 * "All paths set in these environment variables must be absolute"; others are to be ignored, says the
 * specification.
 */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && posix.isAbsolute(path) ? path : undefined;
}
