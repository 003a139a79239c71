#!/usr/bin/env node
/**
 * Runs dist/main.cjs; where that cannot be run, the CLI alone.
 *
 * V8 compiles each function when it is first called, which took as long as what we do before the CLI starts (bench/startup.mjs). So what
 * it has compiled by then is kept for the next start. Node's own cache (≥ 22.1) holds only what a file calls as it loads; it is left
 * what loads while the CLI boots.
 */
const { lstatSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

try {
  run(join(__dirname, '..', 'dist', 'main.cjs'));
} catch (error) {
  require('./plain.js').runPlainly(error);
}

/** @param file CommonJS of ASCII characters @throws where it is not there, or fails as it loads */
function run(file) {
  const source = readFileSync(file);
  const dir = compiledDir();
  const kept = join(dir, `main-${process.version}-${process.arch}`);
  const cachedData = readKept(kept, source);
  const parameters = 'exports, require, module, __filename, __dirname';
  const wrapped = `(function (${parameters}) {${source.toString('latin1')}\n})`;
  const script = new Script(wrapped, { filename: file, cachedData });

  const main = { exports: {} };
  script.runInThisContext()(main.exports, require, main, file, dirname(file));
  main.exports.main(() => {
    const isKept = cachedData !== undefined && !script.cachedDataRejected;
    keep(dir, isKept ? null : { file: kept, source, code: script.createCachedData() });
  });
}

/**
 * V8's code for `source`, if that is what is kept. V8 itself asks for no more than its own version, and a damaged code crashes it: so
 * the code stands there twice, behind its source.
 */
function readKept(file, source) {
  try {
    if (!isOwn(dirname(file))) return undefined;
    const bytes = readFileSync(file);
    const middle = (bytes.length + source.length) / 2;
    const code = bytes.subarray(source.length, middle);
    const isWhole = bytes.subarray(0, source.length).equals(source) && bytes.subarray(middle).equals(code);
    return isWhole ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Where it cannot be kept, nothing is said: there is no home, or a full or read-only disk. */
function keep(dir, made) {
  try {
    if (isAbsolute(dir)) mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (!isOwn(dir)) return;
    if (made !== null) {
      const { file, source, code } = made;
      writeFileSync(file, Buffer.concat([source, code, code]), { mode: 0o600 });
    }
    require('node:module').enableCompileCache?.(dir);
  } catch {}
}

/** Whoever can write there could have us run what they like. */
function isOwn(dir) {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (!isAbsolute(dir) || !stat?.isDirectory()) return false;
  // Windows has neither owner nor mode.
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
}

/** Below `cacheDir` of src/files/paths.ts, which is not loaded yet; relative without a home. */
function compiledDir() {
  const { env, platform } = process;
  const { HOME = '', USERPROFILE = '', LOCALAPPDATA, XDG_CACHE_HOME = '' } = env;
  if (platform === 'win32') {
    return join(LOCALAPPDATA || join(USERPROFILE, 'AppData', 'Local'), 'ai-trace', 'Cache', 'compiled');
  }
  if (platform === 'darwin') return join(HOME, 'Library', 'Caches', 'ai-trace', 'compiled');
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME, '.cache'), 'ai-trace', 'compiled');
}
