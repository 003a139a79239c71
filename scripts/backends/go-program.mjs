import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platform } from 'node:process';
import { run } from './run.mjs';

/**
 * Compiles a program of a published Go module, with the versions its authors build it with. `go install` does that for modules
 * without `replace` and `exclude` only: those of its go.mod are taken over here. A replacement that is a folder of its repository
 * is not in the module; the version it requires beside it serves.
 * @param {string} folder gets the executable
 * @param {{module: string, version: string, program: string, without?: string}} what `program` is the path of the `main` package in the
 *   module, `without` that of a source file to leave out
 */
export async function buildGoProgram(folder, { module, version, program, without }) {
  const go = (...words) => run('go', words, { cwd: folder, env: { CGO_ENABLED: '0' } });
  await writeFile(join(folder, 'go.mod'), 'module built\n');
  const { GoMod: goMod } = JSON.parse(await go('mod', 'download', '-json', `${module}@${version}`));
  const { Go: language, Replace, Exclude } = JSON.parse(await go('mod', 'edit', '-json', goMod));
  const edits = [`-go=${language}`, `-require=${module}@${version}`];
  for (const { Old, New } of Replace ?? []) {
    if (New.Version) edits.push(`-replace=${at(Old)}=${at(New)}`);
  }
  for (const excluded of Exclude ?? []) edits.push(`-exclude=${at(excluded)}`);
  await go('mod', 'edit', ...edits);
  await go('get', `${module}/${program}@${version}`);
  if (without) {
    // Sources in Go's own cache cannot be changed, copies can.
    await writeFile(join(folder, 'built.go'), `package built\n\nimport _ "${module}/${program}"\n`);
    await go('mod', 'vendor');
    await rm(join(folder, 'vendor', module, without));
  }
  await go('build', '-trimpath', '-ldflags=-s -w', '-o', '.', `${module}/${program}`);
  await rm(join(folder, 'vendor'), { recursive: true, force: true });
}

/** Name of an executable on this system. */
export function executable(name) {
  return platform === 'win32' ? `${name}.exe` : name;
}

function at({ Path, Version }) {
  return Version ? `${Path}@${Version}` : Path;
}
