import { type ConfigPlace, tableAt } from '../persistent-settings.ts';
import { madeUpKey, type Probe, probePrompt, sealed } from '../probe.ts';
import { parsedSettings, systemFile } from './other-settings.ts';
import { geminiPersistent } from './persistent.ts';

/** Names what is asked, so that no router is (facts/gemini.md §11). */
const model = 'gemini-2.5-flash';

/**
 * `gemini -p` in a home of its own: the user's login would be asked otherwise, for it wins over every variable (the
 * program's text, 0.61.0), and the session would stay in their history. Their telemetry settings go along.
 */
export const geminiProbe: Probe = {
  async fixedModels(place) {
    const file = systemFile(place);
    const { auth } = tableAt(await parsedSettings(place.readFile(file)), 'security');
    const keys = Object.keys(typeof auth === 'object' && auth !== null ? auth : {});
    return keys.length === 0 ? [] : [{ file, keys: keys.map((key) => `security.auth.${key}`) }];
  },

  start: async ({ modelUrl, folder, ...place }) => ({
    args: ['-m', model, '--skip-trust', '-p', probePrompt],
    env: {
      ...sealed(modelUrl),
      GEMINI_CLI_HOME: folder,
      GEMINI_API_KEY: madeUpKey,
      GOOGLE_GEMINI_BASE_URL: modelUrl,
      // Would start it once more, in a container that does not see our listener.
      GEMINI_SANDBOX: 'false',
    },
    files: [{ path: `${folder}/.gemini/settings.json`, text: JSON.stringify(await settings(place)) }],
  }),

  questionPath: /:(stream)?generateContent\b/i,
  refusal: { error: { code: 400, message: 'refused by ai-trace doctor', status: 'INVALID_ARGUMENT' } },
  refusesAfterMs: 0,

  // Running totals are all it knows.
  sendsDeltas: () => false,
};

/** The user's own telemetry settings are there: what they could spoil shows. */
async function settings(place: ConfigPlace) {
  const own = await parsedSettings(place.readFile(geminiPersistent.file(place)));
  return {
    security: { auth: { selectedType: 'gemini-api-key' } },
    general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
    privacy: { usageStatisticsEnabled: false },
    telemetry: tableAt(own, 'telemetry'),
  };
}
