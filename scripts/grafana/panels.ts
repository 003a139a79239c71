import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  FieldColorModeId,
  type FieldConfig,
  GraphDrawStyle,
  type GraphFieldConfig,
  LegendDisplayMode,
  LogsDedupStrategy,
  LogsSortOrder,
  type Panel,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/schema';
import type { Options as LogsOptions } from '@grafana/schema/dist/esm/raw/composable/logs/panelcfg/x/LogsPanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Target } from './targets.ts';

/** A panel that has no place and no number yet. */
export type Unplaced = Omit<Panel, 'id' | 'gridPos'> & { title: string };

export interface PanelOptions {
  title: string;
  targets: readonly Target[];
  /** For who points at its title. */
  description?: string;
  /** One of Grafana's: `s`, `currencyUSD` … */
  unit?: string;
  decimals?: number;
}

/** One figure. */
export function stat(options: PanelOptions): Unplaced {
  return {
    ...panel('stat', options, { color: { mode: FieldColorModeId.Fixed, fixedColor: 'text' }, noValue: '0' }),
    options: {
      colorMode: BigValueColorMode.Value,
      graphMode: BigValueGraphMode.None,
      textMode: BigValueTextMode.Auto,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    } satisfies Partial<StatOptions>,
  };
}

/** What was added from one point in time to the next, series on top of each other. */
export function bars(options: PanelOptions): Unplaced {
  return timeSeries(options, {
    drawStyle: GraphDrawStyle.Bars,
    fillOpacity: 80,
    lineWidth: 0,
    stacking: { mode: StackingMode.Normal, group: 'A' },
  });
}

/** Points with lines between those that are near; most of the time nobody is at work. */
export function lines(options: PanelOptions): Unplaced {
  return timeSeries(options, {
    drawStyle: GraphDrawStyle.Line,
    showPoints: VisibilityMode.Always,
    pointSize: 6,
    spanNulls: 5 * 60_000,
  });
}

function timeSeries(options: PanelOptions, custom: GraphFieldConfig): Unplaced {
  return {
    ...panel('timeseries', options, { custom: { ...custom }, min: 0 }),
    // Metrics are told once a minute.
    interval: '1m',
    options: {
      legend: { displayMode: LegendDisplayMode.List, placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
    } satisfies TimeSeriesOptions,
  };
}

/** One bar for each series, longest where it is most. */
export function ranking(options: PanelOptions): Unplaced {
  return {
    ...panel('bargauge', options, { min: 0, color: { mode: FieldColorModeId.PaletteClassic } }),
    options: {
      orientation: 'horizontal',
      displayMode: 'basic',
      valueMode: 'text',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  };
}

/** How often which value occurred. */
export function heatmap(options: PanelOptions): Unplaced {
  return {
    ...panel('heatmap', options, {}),
    interval: '1m',
    options: {
      calculate: false,
      yAxis: { unit: options.unit },
      color: { mode: 'scheme', scheme: 'Oranges', steps: 64 },
      exemplars: { color: 'rgba(50, 116, 217, 0.9)' },
      tooltip: { mode: TooltipDisplayMode.Single, yHistogram: false },
      legend: { show: false },
    },
  };
}

/** Log lines, newest first. */
export function logs(options: PanelOptions): Unplaced {
  return {
    ...panel('logs', options, {}),
    options: {
      showTime: true,
      showLogContextToggle: false,
      showLabels: false,
      showCommonLabels: false,
      wrapLogMessage: true,
      prettifyLogMessage: false,
      enableLogDetails: true,
      dedupStrategy: LogsDedupStrategy.none,
      sortOrder: LogsSortOrder.Descending,
    } satisfies LogsOptions,
  };
}

/** One trace, its spans below each other. */
export function trace(options: PanelOptions): Unplaced {
  return panel('traces', options, {});
}

/** What all kinds share; `defaults` are of its fields. */
export function panel(type: string, options: PanelOptions, defaults: FieldConfig): Unplaced {
  const { title, targets, description, unit, decimals } = options;
  return {
    type,
    title,
    ...(description !== undefined && { description }),
    ...(targets[0] && { datasource: targets[0].datasource }),
    targets: targets.map((target) => ({ ...target })),
    fieldConfig: {
      defaults: {
        ...defaults,
        ...(unit !== undefined && { unit }),
        ...(decimals !== undefined && { decimals }),
      },
      overrides: [],
    },
  };
}
