#!/usr/bin/env node
/**
 * Runs dist/main.cjs; where that cannot be run, the CLI alone.
 *
 * V8 compiles each function when it is first called. That took as long as what we do before the CLI starts (bench/startup.mjs), and a
 * quarter of our processor time in a short session (bench/session.mjs). So what it has compiled is kept for the next start. Node's
 * own cache (≥ 22.1) holds only what a file calls as it loads, and nothing that is made with other flags (src/commands/engine-flags.ts).
 */
const { lstatSync, mkdirSync, readFileSync, readdirSync, unlinkSync, writeFileSync } = require('node:fs');
const { basename, dirname, isAbsolute, join } = require('node:path');
const { Script } = require('node:vm');

const main = join(__dirname, '..', 'dist', 'main.cjs');
const dir = join(compiledDir(), `${process.version}-${process.arch}`);
/** Files of dist/ that are loaded, and their modules. */
const modules = new Map();
/** Those of them whose code is not kept yet. */
const unkept = [];

try {
  load(main).main(keep);
} catch (error) {
  require('./plain.js').runPlainly(error);
}

/** @param file CommonJS of ASCII characters @throws where it is not there, or fails as it loads */
function load(file) {
  const loaded = modules.get(file);
  if (loaded !== undefined) return loaded.exports;
  const script = compiled(file);
  const module = { exports: {} };
  const requireFrom = (id) => (id.startsWith('.') ? load(join(dirname(file), id)) : require(id));
  modules.set(file, module);
  try {
    script.runInThisContext()(module.exports, requireFrom, module, file, dirname(file));
  } catch (error) {
    modules.delete(file);
    throw error;
  }
  return module.exports;
}

function compiled(file) {
  const source = readFileSync(file);
  const kept = join(dir, basename(file));
  const cachedData = readKept(kept, source);
  const parameters = 'exports, require, module, __filename, __dirname';
  const wrapped = `(function (${parameters}) {${source.toString('latin1')}\n})`;
  const script = new Script(wrapped, { filename: file, cachedData });
  // By main.cjs V8 tells whether it takes what is kept. What else it does not take is loaded after its flags were changed.
  const isRefused = file === main && script.cachedDataRejected;
  if (cachedData === undefined || isRefused) unkept.push({ file, kept, source, script });
  return script;
}

/**
 * V8's code for `source`, if that is what is kept. V8 itself asks for no more than its own version, and a damaged code crashes it: so
 * the code stands there twice, behind its source.
 */
function readKept(file, source) {
  try {
    if (!isOwn(dir)) return undefined;
    const bytes = readFileSync(file);
    const middle = (bytes.length + source.length) / 2;
    const code = bytes.subarray(source.length, middle);
    const isWhole = bytes.subarray(0, source.length).equals(source) && bytes.subarray(middle).equals(code);
    return isWhole ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps what has been compiled by now of files that are not kept yet. Where it cannot, nothing is said: there is no home, or a full or
 * read-only disk.
 */
function keep() {
  try {
    if (unkept.length === 0 || !isAbsolute(dir)) return;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (!isOwn(dir)) return;
    // What stands beside another main.cjs is another version's as well.
    if (unkept[0].file === main) for (const name of readdirSync(dir)) unlinkSync(join(dir, name));
    for (const { kept, source, script } of unkept.splice(0)) {
      const code = script.createCachedData();
      writeFileSync(kept, Buffer.concat([source, code, code]), { mode: 0o600 });
    }
  } catch {}
}

/** Whoever can write there could have us run what they like. */
function isOwn(folder) {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (!isAbsolute(folder) || !stat?.isDirectory()) return false;
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
