import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { templateFilesText, templateListText, templateWrittenText } from '../report/messages.ts';
import { templates } from '../templates/catalogue.ts';
import { readTemplate } from '../templates/files.ts';
import { writeFiles } from '../templates/write.ts';
import { writeOutput } from './output.ts';
import { say } from './say.ts';

/** Beside package.json, which is two folders up in the package as in the sources. */
const shipped = join(dirname(createRequire(import.meta.url).resolve('../../package.json')), 'templates');

/** The words behind `ai-trace template`. Returns the exit code: 1 when nothing was written that should have been. */
export async function templateCommand(words: readonly string[]): Promise<number> {
  const command = new Command('ai-trace template')
    .description('Prints or writes the templates that come with ai-trace. Without a name it lists them.')
    .argument('[name]', 'the template: one file is printed, of several their names')
    .option('--out <dir>', 'write its files below this folder, over none that is there')
    .showHelpAfterError('Try: ai-trace template --help')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ai-trace: ')) })
    .exitOverride();
  try {
    command.parse([...words], { from: 'user' });
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
  const [name] = command.args;
  const { out } = command.opts<{ out?: string }>();
  if (name === undefined && out === undefined) {
    writeOutput(`${templateListText(templates)}\n`);
    return 0;
  }
  const template = templates.find((each) => each.name === name);
  if (template === undefined) {
    await say(
      { kind: 'unknown_template', word: name ?? '', known: templates.map((each) => each.name) },
      false,
    );
    return 2;
  }

  const files = await readTemplate(shipped, template);
  if (out === undefined) {
    const [only, ...others] = files;
    if (only && others.length === 0) process.stdout.write(only.bytes);
    else
      writeOutput(
        `${templateFilesText(
          template.name,
          files.map(({ path }) => path),
        )}\n`,
      );
    return 0;
  }
  const result = await writeFiles(out, files);
  if (result.kind === 'written') {
    writeOutput(`${templateWrittenText(out, result)}\n`);
    return 0;
  }
  await say(
    result.kind === 'failed'
      ? { kind: 'template_failed', file: result.file, reason: result.reason }
      : { kind: 'template_in_the_way', dir: out, files: result.files },
    false,
  );
  return 1;
}
