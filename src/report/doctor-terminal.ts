import { styleText } from 'node:util';
import type { DoctorLink, DoctorReport, LinkName, LinkOf } from './doctor-report.ts';
import { counted, duration, plain } from './format.ts';

export interface DoctorTerminal {
  colour: boolean;
  /** Names of the CLIs for people, by their ids. */
  titles: Readonly<Record<string, string>>;
  /** The user's home folder, which is shown as `~`. */
  home: string;
}

/** Lines of the report, one link at a time. No line is wider than this. */
const width = 80;
/** Mark and name of a link; what it says begins behind. */
const indent = 19;
const timeWidth = 8;

const names: Readonly<Record<LinkName, string>> = {
  configuration: 'configuration',
  files: 'own files',
  found: 'found',
  version: 'version',
  started: 'took settings',
  received: 'sent records',
  understood: 'understood',
  delivered: 'delivered',
  stored: 'found again',
};

const stores = { tempo: 'Tempo', loki: 'Loki', prometheus: 'Prometheus' } as const;

export function headLine({ probe_id, version }: Pick<DoctorReport, 'probe_id' | 'version'>): string {
  return `ai-trace ${version} doctor, probe ${probe_id}`;
}

/** What stands above the links of one CLI, of all destinations, and so on; the same text for all of them. */
export function groupTitle({ what, ...of }: LinkOf, { titles }: DoctorTerminal): string {
  if (what === 'destination') return 'Destinations';
  if (what === 'store') return 'Stores';
  return what === 'ai-trace' || !('name' in of) ? 'ai-trace' : (titles[of.name] ?? of.name);
}

/** One link with all that is to be said of it. */
export function linkLines(link: DoctorLink, { colour, home }: DoctorTerminal): string[] {
  const paint = (style: 'green' | 'red' | 'yellow' | 'dim', text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const short = (text: string) => text.replaceAll(`${home}/`, '~/');
  const mark = { ok: paint('green', '✓'), broken: paint('red', '✗'), skipped: paint('dim', '–') };
  const name = link.of.what === 'store' ? stores[link.of.name] : names[link.link];
  const time = link.ms === null ? '' : duration(link.ms);
  const [first = '', ...more] = wrapped(short(link.text), width - indent - timeWidth);
  const head = `  ${mark[link.state]} ${name.padEnd(indent - 4)}`;
  return [
    `${head}${first.padEnd(width - indent - timeWidth)}${paint('dim', time.padStart(timeWidth))}`.trimEnd(),
    ...more.map((line) => `${' '.repeat(indent)}${line}`),
    ...link.problems.flatMap(({ text }) => noted(short(text), (line) => paint('red', line))),
    ...link.warnings.flatMap(({ text }) => noted(short(text), (line) => paint('yellow', line), '! ')),
  ];
}

export function lastLine({ links, duration_ms }: Pick<DoctorReport, 'links' | 'duration_ms'>): string {
  const broken = links.filter(({ state }) => state === 'broken').length;
  const warnings = links.reduce((sum, link) => sum + link.warnings.length, 0);
  const verdict = broken === 0 ? 'No link is broken' : `${counted(broken, 'link')} broken`;
  const noted = warnings === 0 ? '' : `, ${counted(warnings, 'note')}`;
  return `${verdict}${noted}. ${duration(duration_ms)}, no tokens.`;
}

function noted(text: string, paint: (line: string) => string, mark = ''): string[] {
  const lines = text.split('\n').flatMap((part) => wrapped(part, width - indent - mark.length));
  return lines.map((line, at) => {
    const before = at === 0 ? mark : ' '.repeat(mark.length);
    return `${' '.repeat(indent)}${paint(`${before}${line}`)}`;
  });
}

/** At spaces; what is longer than a line, a path as a rule, at its end. */
function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text, 2000)
    .split(/ +/)
    .flatMap((each) => pieces(each, room))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, room: number): string[] {
  return word.length <= room ? [word] : [word.slice(0, room), ...pieces(word.slice(room), room)];
}
