import type { ConfigPlace, Override, PersistentSettings, Value } from '../persistent-settings.ts';
import { tableAt } from '../persistent-settings.ts';
import { settingsOverrides } from './other-settings.ts';
import { variableOverrides } from './variables.ts';

/** Each key is there because another value of it would defeat the rest (facts/gemini.md §2.2, §2.3). */
function telemetry(endpoint: string) {
  return {
    enabled: true,
    target: 'local',
    otlpProtocol: 'http',
    otlpEndpoint: endpoint,
    logPrompts: false,
    traces: true,
  } satisfies Value;
}

/** `telemetry` of Gemini's settings.json. */
export const geminiPersistent: PersistentSettings = {
  file: (place) => `${homeOf(place)}/.gemini/settings.json`,

  snippet: (endpoint) => ({
    format: 'jsonc',
    members: [{ path: ['telemetry'], value: telemetry(endpoint) }],
    // With anything else it does not start (measured on 0.61.0).
    dialect: { comments: true, byteOrderMark: false, empty: false },
  }),

  endpointOf(settings) {
    const { otlpEndpoint } = tableAt(settings, 'telemetry');
    return typeof otlpEndpoint === 'string' ? otlpEndpoint : undefined;
  },

  obstacles(settings) {
    const { outfile, useCliAuth } = tableAt(settings, 'telemetry');
    return [
      ...(outfile ? [{ path: ['telemetry', 'outfile'], value: '' }] : []),
      ...(useCliAuth === true ? [{ path: ['telemetry', 'useCliAuth'], value: false }] : []),
    ];
  },

  // Section 9.
  stillSent: ['command_line', 'instructions', 'account'],

  overrides: async (endpoint, place): Promise<Override[]> => {
    const wanted = telemetry(endpoint);
    return [...variableOverrides(wanted, place, homeOf(place)), ...(await settingsOverrides(wanted, place))];
  },
};

/** The variable stands for the home folder (the program's text, 0.61.0). */
function homeOf({ env, home }: ConfigPlace): string {
  return env['GEMINI_CLI_HOME'] || home;
}
