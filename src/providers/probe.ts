import type { ConfigPlace, SettingsTree } from './persistent-settings.ts';
import type { Variables } from './provider.ts';

/** Where a CLI is started for a probe. */
export interface ProbePlace extends ConfigPlace {
  /** `http://127.0.0.1:PORT`: what stands there answers in the place of the model, and refuses. */
  modelUrl: string;
  /** An empty folder of the probe's own. */
  folder: string;
}

/** What makes a CLI ask that model one question, and keep nothing of it. */
export interface ProbeStart {
  /** Behind the CLI's name; ai-trace's own words join them as in a session. */
  args: readonly string[];
  /** Laid over the user's environment; undefined takes a variable out. */
  env: Variables;
  /** Written before the start. Paths are below `folder`. */
  files: readonly { path: string; text: string }[];
}

/** A file whose settings win over a command line and say which model is asked. */
export interface FixedModel {
  file: string;
  keys: readonly string[];
}

/** How one CLI is made to tell of itself without a model. */
export interface Probe {
  /** Where any is found the CLI must not be started: it could ask a real model, which costs. */
  fixedModels(place: ConfigPlace): Promise<FixedModel[]>;
  start(place: ProbePlace): Promise<ProbeStart>;
  /** Path of the requests that ask the model. */
  questionPath: RegExp;
  /** Body of HTTP 400, as the vendor's API writes it: no CLI tries such a request again. */
  refusal: unknown;
  /** What it has told until it is refused must have left it by then. ms */
  refusesAfterMs: number;
  /** Do the user's own settings make it send metrics as deltas when it runs without ai-trace? */
  sendsDeltas(settings: SettingsTree): boolean;
}

/** What a probe asks: nobody ever answers it. */
export const probePrompt = 'ai-trace doctor: this is no question, and nobody answers it.';

/** Accepted by every CLI as the form of a key, and worth nothing. */
export const madeUpKey = 'sk-ai-trace-doctor-made-up-key-0123456789';

/**
 * Proxies that lead to ourselves, where they are refused: a CLI that asked a real model against all we know would not
 * get out of this machine.
 */
export function sealed(modelUrl: string): Record<string, string> {
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  const exceptions = '127.0.0.1,localhost';
  return {
    ...Object.fromEntries(proxies.map((name) => [name, modelUrl])),
    NO_PROXY: exceptions,
    no_proxy: exceptions,
  };
}
