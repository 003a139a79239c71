import { describe, expect, it } from 'vitest';
import { filePaths } from '../../../src/files/paths.ts';

const linux = (env: NodeJS.ProcessEnv) => filePaths({ env, platform: 'linux', home: '/home/u', uid: 1000 });

function listed(paths: ReturnType<typeof filePaths>) {
  const { sessionsDir, ...plain } = paths;
  return { ...plain, sessions: sessionsDir('2026-11') };
}

describe('filePaths', () => {
  it('has defaults on Linux', () => {
    expect(listed(linux({}))).toEqual({
      configFile: '/home/u/.config/ai-trace/config.toml',
      spoolDir: '/home/u/.local/state/ai-trace/spool',
      recordsDir: '/home/u/.local/state/ai-trace/config',
      cacheDir: '/home/u/.cache/ai-trace',
      runtimeDir: '/tmp/ai-trace-1000/ai-trace',
      sessions: '/home/u/.local/state/ai-trace/sessions/2026-11',
    });
  });

  it('follows the XDG variables', () => {
    const env = {
      XDG_CONFIG_HOME: '/x/config',
      XDG_STATE_HOME: '/x/state',
      XDG_CACHE_HOME: '/x/cache',
      XDG_RUNTIME_DIR: '/run/user/1000',
    };
    expect(listed(linux(env))).toEqual({
      configFile: '/x/config/ai-trace/config.toml',
      spoolDir: '/x/state/ai-trace/spool',
      recordsDir: '/x/state/ai-trace/config',
      cacheDir: '/x/cache/ai-trace',
      runtimeDir: '/run/user/1000/ai-trace',
      sessions: '/x/state/ai-trace/sessions/2026-11',
    });
  });

  it.each(['', 'relative/dir'])('ignores an XDG variable that is not absolute: %j', (value) => {
    expect(linux({ XDG_STATE_HOME: value }).spoolDir).toBe('/home/u/.local/state/ai-trace/spool');
  });

  it("uses the Library on macOS, and the user's own temporary directory", () => {
    const env = { TMPDIR: '/var/folders/ab/T/', XDG_STATE_HOME: '/x' };
    expect(listed(filePaths({ env, platform: 'darwin', home: '/Users/u', uid: 501 }))).toEqual({
      configFile: '/Users/u/Library/Preferences/ai-trace/config.toml',
      spoolDir: '/Users/u/Library/Application Support/ai-trace/spool',
      recordsDir: '/Users/u/Library/Application Support/ai-trace/config',
      cacheDir: '/Users/u/Library/Caches/ai-trace',
      runtimeDir: '/var/folders/ab/T/ai-trace',
      sessions: '/Users/u/Library/Application Support/ai-trace/sessions/2026-11',
    });
  });

  it('uses AppData on Windows, with and without its variables', () => {
    const home = 'C:\\Users\\u';
    const env = { APPDATA: 'D:\\R', LOCALAPPDATA: 'D:\\L', TEMP: 'D:\\T' };
    expect(listed(filePaths({ env, platform: 'win32', home, uid: -1 }))).toEqual({
      configFile: 'D:\\R\\ai-trace\\Config\\config.toml',
      spoolDir: 'D:\\L\\ai-trace\\Data\\spool',
      recordsDir: 'D:\\L\\ai-trace\\Data\\config',
      cacheDir: 'D:\\L\\ai-trace\\Cache',
      runtimeDir: 'D:\\T\\ai-trace',
      sessions: 'D:\\L\\ai-trace\\Data\\sessions\\2026-11',
    });
    const bare = filePaths({ env: {}, platform: 'win32', home, uid: -1 });
    expect(bare.spoolDir).toBe('C:\\Users\\u\\AppData\\Local\\ai-trace\\Data\\spool');
    expect(bare.runtimeDir).toBe('C:\\Users\\u\\AppData\\Local\\Temp\\ai-trace');
  });
});
