import { aiTraceOnly, uids } from './names.ts';
import type { Unplaced } from './panels.ts';
import { type Column, spanFields, spanTable } from './tables.ts';
import { tempoSpans } from './targets.ts';
import { smallMoney } from './units.ts';

/** The column of sessions' ids; a click shows one. */
export const sessionColumn: Column = {
  field: 'session.id',
  title: 'Session',
  link: {
    title: 'Show the session',
    url: `/d/${uids.session}?var-session=\${__value.raw}&\${__url_time_range}`,
  },
};

const count = { unit: 'short' };

const columns: readonly Column[] = [
  spanFields.start,
  spanFields.service,
  sessionColumn,
  { field: 'vcs.repository.name', title: 'Repository' },
  { field: 'ai_trace.session.cost_usd', title: 'Cost', ...smallMoney },
  { field: 'ai_trace.session.turns', title: 'Turns', ...count },
  { field: 'ai_trace.session.llm_calls', title: 'LLM calls', ...count },
  { field: 'ai_trace.session.tool_calls', title: 'Tool calls', ...count },
  { field: 'ai_trace.error.count', title: 'Failed attempts', ...count },
  spanFields.duration,
];

/** A table of the newest sessions. @param cli a regular expression of names of services */
export function lastSessions(cli: string): Unplaced {
  const attributes = columns.map(({ field }) => field).filter((field) => field.includes('.'));
  const selected = attributes.map((name) => `${name.startsWith('vcs.') ? 'resource' : 'span'}.${name}`);
  return spanTable({
    title: 'Last sessions',
    description: `${aiTraceOnly} Those that have ended, and whose traces were sent. A click on one shows it.`,
    targets: [
      tempoSpans(
        `{ resource.service.name =~ "${cli}" && name =~ "ai-trace .+" } | select(${selected.join(', ')})`,
      ),
    ],
    columns,
    sortedBy: spanFields.start.title,
  });
}
