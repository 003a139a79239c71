import type { DataTransformerConfig } from '@grafana/schema';
import type { Options as TableOptions } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import { type PanelOptions, panel, type Unplaced } from './panels.ts';

/** What a column is called and how its cells are shown. */
export interface Column {
  /** Name of the field that it shows, as Grafana displays it. */
  field: string;
  title: string;
  unit?: string;
  decimals?: number;
  /** Where a click on a cell leads. */
  link?: { title: string; url: string };
}

export interface TableWish extends PanelOptions {
  /** In the order they stand in; other fields are left out. */
  columns: readonly Column[];
  /** Title of the column that the rows are sorted by, greatest first. */
  sortedBy: string;
}

/** What Grafana makes of every span, besides a field for each attribute: there `field` is the attribute. */
export const spanFields = {
  start: { field: 'Start time', title: 'Start' },
  service: { field: 'Trace Service', title: 'CLI' },
  name: { field: 'Name', title: 'Span' },
  duration: { field: 'Duration', title: 'Time', unit: 'ns' },
} as const satisfies Record<string, Column>;

/** Never shown, but links ask for it. */
const traceId = 'traceIdHidden';
/** In a link: the trace of the row. */
export const traceOfRow = `\${__data.fields.${traceId}}`;

/** A row for each span that TraceQL finds. Grafana takes all attributes for text: those with a unit become numbers. */
export function spanTable(wish: TableWish): Unplaced {
  const numbers = wish.columns.filter(({ field, unit }) => unit && field !== spanFields.duration.field);
  const conversions = numbers.map(({ field }) => ({ targetField: field, destinationType: 'number' }));
  return table(wish, [{ id: 'convertFieldType', options: { fields: {}, conversions } }], [traceId]);
}

/** The field of a query of `valueTable`. */
export function valueField(refId: string): string {
  return `Value #${refId}`;
}

/** A row for each set of labels, from two or more queries of `promColumn`. */
export function valueTable(wish: TableWish): Unplaced {
  return table(wish, [{ id: 'merge', options: {} }]);
}

function table(
  wish: TableWish,
  transformations: readonly DataTransformerConfig[],
  hidden: readonly string[] = [],
): Unplaced {
  const { columns, sortedBy } = wish;
  const shown = panel('table', wish, { custom: { filterable: true } });
  return {
    ...shown,
    fieldConfig: { defaults: {}, ...shown.fieldConfig, overrides: columns.map(override) },
    options: {
      frameIndex: 0,
      showHeader: true,
      sortBy: [{ displayName: sortedBy, desc: true }],
    } satisfies TableOptions,
    transformations: [...transformations, onlyColumns(columns, hidden)],
  };
}

function onlyColumns(columns: readonly Column[], hidden: readonly string[]): DataTransformerConfig {
  const fields = [...columns.map(({ field }) => field), ...hidden];
  return {
    id: 'organize',
    options: {
      includeByName: Object.fromEntries(fields.map((field) => [field, true])),
      indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
      renameByName: Object.fromEntries(columns.map(({ field, title }) => [field, title])),
    },
  };
}

function override({ title, unit, decimals, link }: Column) {
  const properties: { id: string; value: unknown }[] = [];
  if (unit !== undefined) properties.push({ id: 'unit', value: unit });
  if (decimals !== undefined) properties.push({ id: 'decimals', value: decimals });
  if (link) properties.push({ id: 'links', value: [link] });
  return { matcher: { id: 'byName', options: title }, properties };
}
