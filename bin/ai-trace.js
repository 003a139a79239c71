#!/usr/bin/env node
const { enableCompileCache } = require('node:module');

// Node ≥ 22.1 keeps what V8 has compiled: the CLI starts earlier, and a quarter of our work while it boots is saved (bench/startup.mjs).
if (enableCompileCache) keepCompiled();

require('../dist/main.cjs');

/** Where it cannot be kept, nothing is said. */
function keepCompiled() {
  const { mkdirSync } = require('node:fs');
  try {
    const dir = compiledDir();
    // Whoever could write there could have us run what they like.
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    enableCompileCache(dir);
  } catch {
    // no home, or a full or read-only disk
  }
}

/** Below `cacheDir` of src/files/paths.ts, which is not loaded yet. Node's own choice is below /tmp, which belongs to everybody. */
function compiledDir() {
  const { homedir } = require('node:os');
  const { join } = require('node:path');
  const { env, platform } = process;
  if (platform === 'win32') {
    return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'ai-trace', 'Cache', 'compiled');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ai-trace', 'compiled');
  const base = env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, 'ai-trace', 'compiled');
}
