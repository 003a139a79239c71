import type { DataSourceRef } from '@grafana/schema';

/** Where a panel's figures come from: variables, so that a dashboard also works beside data sources of other names. */
export const sources = {
  prometheus: { type: 'prometheus', uid: `\${prometheus}` },
  loki: { type: 'loki', uid: `\${loki}` },
  tempo: { type: 'tempo', uid: `\${tempo}` },
} as const satisfies Record<string, DataSourceRef>;

interface PrometheusTarget {
  datasource: typeof sources.prometheus;
  refId: string;
  expr: string;
  /** One value for the whole time range, or a series. */
  instant: boolean;
  range: boolean;
  format: 'time_series' | 'table' | 'heatmap';
  exemplar?: boolean;
  legendFormat?: string;
}

interface LokiTarget {
  datasource: typeof sources.loki;
  refId: string;
  expr: string;
  queryType: 'instant' | 'range';
  /** Lines, of a query for lines. */
  maxLines?: number;
  legendFormat?: string;
}

interface TempoTarget {
  datasource: typeof sources.tempo;
  refId: string;
  queryType: 'traceql';
  /** TraceQL, or the id of a trace. */
  query: string;
  /** Traces at most. */
  limit?: number;
  /** Spans at most of each. */
  spss?: number;
  tableType?: 'spans';
}

/** A query of a panel. `refId` tells it apart from the others there. */
export type Target = PrometheusTarget | LokiTarget | TempoTarget;

/** PromQL: a value for the whole time range. */
export function promValue(expr: string, legendFormat = '', refId = 'A'): PrometheusTarget {
  return {
    datasource: sources.prometheus,
    refId,
    expr,
    instant: true,
    range: false,
    format: 'time_series',
    legendFormat,
  };
}

/** PromQL: a column of a table. @param refId the name that the column gets */
export function promColumn(refId: string, expr: string): PrometheusTarget {
  return { ...promValue(expr, '', refId), format: 'table' };
}

/** PromQL: series. @param options `exemplar`: with points that lead to a trace */
export function promSeries(
  expr: string,
  legendFormat: string,
  options: Pick<Partial<PrometheusTarget>, 'refId' | 'exemplar' | 'format'> = {},
): PrometheusTarget {
  return {
    datasource: sources.prometheus,
    refId: 'A',
    expr,
    instant: false,
    range: true,
    format: 'time_series',
    legendFormat,
    ...options,
  };
}

/** LogQL: a value for the whole time range. */
export function lokiValue(expr: string, legendFormat = '', refId = 'A'): LokiTarget {
  return { datasource: sources.loki, refId, expr, queryType: 'instant', legendFormat };
}

/** LogQL: series. */
export function lokiSeries(expr: string, legendFormat: string): LokiTarget {
  return { datasource: sources.loki, refId: 'A', expr, queryType: 'range', legendFormat };
}

/** LogQL: lines. */
export function lokiLines(expr: string, maxLines: number): LokiTarget {
  return { datasource: sources.loki, refId: 'A', expr, queryType: 'range', maxLines };
}

/** TraceQL: spans, each a row. */
export function tempoSpans(query: string): TempoTarget {
  return {
    datasource: sources.tempo,
    refId: 'A',
    queryType: 'traceql',
    query,
    limit: 100,
    spss: 100,
    tableType: 'spans',
  };
}

/** One trace, by its id. */
export function tempoTrace(id: string): TempoTarget {
  return { datasource: sources.tempo, refId: 'A', queryType: 'traceql', query: id };
}
