import { type OptionTable, optionTable } from '../options/table.ts';
import { clis } from '../providers/clis.ts';
import { type OfferedOption, offeredOption, shells } from '../shell/vocabulary.ts';
import { templates } from '../templates/catalogue.ts';

/** A command of ai-trace itself. */
export interface OwnCommand {
  word: string;
  /** What stands behind the word, as the help shows it. */
  usage: string;
  help: string;
  options: readonly OfferedOption[];
  /** What its first word may be, where that is known. */
  words: readonly string[];
}

/** The options of a run that say where its telemetry goes: `doctor` takes these. */
export const doctorOptions = [
  'forward',
  'forwardHeaders',
  'forwardHeadersFile',
  'forwardCa',
  'forwardCert',
  'forwardKey',
] as const satisfies readonly (keyof OptionTable)[];

/** And what is kept: `flush` takes these. */
export const flushOptions = [
  ...doctorOptions,
  'spoolLimitBytes',
  'quiet',
] as const satisfies readonly (keyof OptionTable)[];

/** What help and completions tell of; dispatch.ts runs them. */
export const ownCommands: readonly OwnCommand[] = [
  {
    word: 'config',
    usage: '<--provider NAME|--all> [--print|--write|--check|--undo] [--endpoint URL] [--force]',
    help: 'let a CLI export by its own settings, without ai-trace',
    options: [
      offeredOption({
        flag: '--provider <name>',
        shape: 'list',
        help: 'the CLI; can be repeated',
        offers: Object.keys(clis),
      }),
      flag('--all', 'every CLI that is there'),
      flag('--print', 'print what is to be written'),
      flag('--write', "write it into the CLI's own file"),
      flag('--check', 'does the file say so, and what wins over it'),
      flag('--undo', 'take it out again'),
      offeredOption({
        flag: '--endpoint <url>',
        shape: 'value',
        help: 'where the CLI is to send',
        offers: [],
      }),
      flag('--force', 'put other telemetry settings out of force'),
    ],
    words: [],
  },
  {
    word: 'doctor',
    usage: '[--provider NAME] [--tempo URL] [--loki URL] [--prometheus URL] [--json] [options]',
    help: 'prove the way from a CLI to your stores, link by link',
    options: [
      offeredOption({
        flag: '--provider <name>',
        shape: 'list',
        help: 'the CLI; can be repeated',
        offers: Object.keys(clis),
      }),
      ...['tempo', 'loki', 'prometheus'].map((store) =>
        offeredOption({
          flag: `--${store} <url>`,
          shape: 'value',
          help: `look for the probe in this ${store}`,
          offers: [],
        }),
      ),
      offeredOption({
        flag: '--wait <seconds>',
        shape: 'value',
        help: 'how long a store may take to find it',
        offers: [],
      }),
      flag('--json', 'print JSON'),
      ...doctorOptions.map((name) => offeredOption(optionTable[name])),
    ],
    words: [],
  },
  {
    word: 'flush',
    usage: '[options]',
    help: 'send what is on disk, now',
    options: flushOptions.map((name) => offeredOption(optionTable[name])),
    words: [],
  },
  {
    word: 'prices',
    usage: '[MODEL] [--update] [--json]',
    help: 'what a model costs, and where the figure comes from',
    options: [flag('--update', 'fetch newer list prices first'), flag('--json', 'print JSON')],
    words: [],
  },
  {
    word: 'shell-init',
    usage: `<${shells.join('|')}> [--remove]`,
    help: 'trace by the plain names, and complete words, in your shell',
    options: [flag('--remove', 'take it out of a running shell')],
    words: shells,
  },
  {
    word: 'template',
    usage: '[NAME] [--out DIR]',
    help: 'print or write what Alloy, a collector, Grafana or Nix needs',
    options: [
      offeredOption({
        flag: '--out <dir>',
        shape: 'value',
        help: 'write its files below this folder',
        offers: 'folder',
      }),
    ],
    words: templates.map(({ name }) => name),
  },
  {
    word: 'help',
    usage: '[COMMAND]',
    help: 'print this help, or that of a command',
    options: [],
    words: [...Object.keys(clis), 'config', 'doctor', 'flush', 'prices', 'shell-init', 'template'],
  },
];

function flag(name: string, help: string): OfferedOption {
  return offeredOption({ flag: name, shape: 'switch', help });
}
