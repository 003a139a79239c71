import { expect, test } from 'vitest';
import { readShim } from '../../../src/launcher/shim.ts';

/** What npm 10 writes for a script, up to the words that name it. */
const head = `@ECHO off
GOTO start
:find_dp0
SET dp0=%~dp0
EXIT /b
:start
SETLOCAL
CALL :find_dp0

IF EXIST "%dp0%\\node.exe" (
  SET "_prog=%dp0%\\node.exe"
) ELSE (
  SET "_prog=node"
  SET PATHEXT=%PATHEXT:;.JS;=;%
)

endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"`.replaceAll('\n', '\r\n');

test.each([
  ['', 'node_modules\\@openai\\codex\\bin\\codex.js'],
  ['--no-warnings=DEP0040', 'node_modules\\@google\\gemini-cli\\dist\\index.mjs'],
])('of all that npm writes into a shim the script is taken, for Node and no shell: %j', (flag, script) => {
  const text = `${head} ${flag} "%dp0%\\${script}" %*\r\n`;
  expect(readShim('C:\\npm\\codex.cmd', text, 'C:\\node.exe')).toEqual({
    file: 'C:\\node.exe',
    leadingArgs: [`C:\\npm\\${script}`],
  });
});
