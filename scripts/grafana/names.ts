/** Of the dashboards, in links between them. */
export const uids = {
  overview: 'ai-trace-overview',
  errors: 'ai-trace-errors',
  tools: 'ai-trace-tools',
  session: 'ai-trace-session',
  team: 'ai-trace-team',
} as const;

/** Tag of all of them. */
export const tag = 'ai-trace';

/** For panels whose figures no CLI tells by itself. */
export const aiTraceOnly = 'Only of sessions that were started with ai-trace.';
