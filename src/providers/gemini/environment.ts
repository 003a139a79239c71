import type { Injection, InjectionContext } from '../provider.ts';

/**
 * The complete set: each variable cures a user setting that would defeat a smaller one (facts/gemini.md §2,
 * §2.3). The tools that Gemini runs see all of it: 0.61.0 hands its whole environment on, unless a settings file
 * says otherwise, and takes those of the system only where root owns them. So as little of it as can be has a
 * general name.
 */
export async function geminiInjection(context: InjectionContext): Promise<Injection> {
  const { endpoint, args, content } = context;
  return {
    args: [...args],
    conflicts: [],
    env: {
      GEMINI_TELEMETRY_ENABLED: 'true',
      GEMINI_TELEMETRY_TARGET: 'local',
      GEMINI_TELEMETRY_OTLP_PROTOCOL: 'http',
      GEMINI_TELEMETRY_OTLP_ENDPOINT: endpoint,
      GEMINI_TELEMETRY_OUTFILE: '',
      GEMINI_TELEMETRY_USE_CLI_AUTH: 'false',
      GEMINI_TELEMETRY_USE_COLLECTOR: 'false',
      GEMINI_TELEMETRY_TRACES_ENABLED: 'true',
      GEMINI_TELEMETRY_LOG_PROMPTS: String(content),
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
      // These are set, not unset: Gemini takes what is missing from `.env` files, the project's among them.
      OTEL_SDK_DISABLED: 'false',
      OTEL_TRACES_SAMPLER: 'always_on',
      // Prints its own troubles on the user's screen.
      OTEL_LOG_LEVEL: '',
    },
  };
}
