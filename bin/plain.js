/** The CLI as it would run without us, for when dist/ is missing or broken and nothing of it can be asked. */
const { spawn } = require('node:child_process');
const { accessSync, constants: access, realpathSync, statSync } = require('node:fs');
const { constants } = require('node:os');
const { basename, delimiter, resolve } = require('node:path');

const clis = ['codex', 'gemini', 'claude'];

/** Programs that were started for the CLI already, and have led back to us: shims that wait for us. */
const triedVariable = 'AI_TRACE_TRIED';

/** @param error what is broken */
exports.runPlainly = (error) => {
  const { own, name, args } = cut(process.argv);
  const [reason] = String(error?.message ?? error).split('\n');
  const broken = `its installation is broken (${reason}). Install it again.\n`;
  if (name === undefined) return fail(1, `ai-trace: ${broken}`);
  const tried = (process.env[triedVariable] ?? '').split(delimiter);
  const file = find(name, tried);
  if (file === undefined) return fail(127, `ai-trace: there is no ${name} on PATH, and ${broken}`);
  if (!isQuiet(own)) process.stderr.write(`ai-trace: this session is not traced: ${broken}`);
  start(file, args, { ...process.env, [triedVariable]: [...tried, file].join(delimiter) });
};

/** The words before the CLI's name, that name, and those behind it. A link to us may be called like the CLI. */
function cut([, program, ...words]) {
  const called = basename(program);
  if (clis.includes(called)) return { own: [], name: called, args: words };
  const at = words.findIndex((word) => clis.includes(word));
  return at < 0 ? { own: words } : { own: words.slice(0, at), name: words[at], args: words.slice(at + 1) };
}

function isQuiet(own) {
  const { AI_TRACE_QUIET, AI_TRACE_DISABLE } = process.env;
  const isOn = (value) => /^(1|true|yes|on)$/i.test(value ?? '');
  return (
    own.some((word) => /^(-q|--quiet|--disable)$/.test(word)) ||
    isOn(AI_TRACE_QUIET) ||
    isOn(AI_TRACE_DISABLE)
  );
}

/** On PATH, but never ourselves nor what was tried. */
function find(name, tried) {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = folders.flatMap((folder) => names.map((each) => resolve(folder, each)));
  return files.find((file) => isProgram(file) && !tried.includes(file));
}

function isProgram(file) {
  try {
    accessSync(file, access.X_OK);
    return statSync(file).isFile() && !/[\\/]ai-trace(\.[cm]?js)?$/.test(realpathSync(file));
  } catch {
    return false;
  }
}

function start(file, args, env) {
  let child;
  // The keyboard sends these to the CLI as well; the others it would not see.
  for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child = spawn(file, args, { env, stdio: 'inherit' });
  child.once('error', ({ code }) => fail(126, `ai-trace: ${file} could not be started (${code}).\n`));
  child.once('exit', (code, signal) => {
    if (signal !== null) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
    process.exit(code ?? 128 + constants.signals[signal]);
  });
}

function fail(code, text) {
  process.stderr.write(text);
  process.exitCode = code;
}
