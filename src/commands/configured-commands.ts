import { type Commands, parseCommands } from '../options/commands.ts';
import { optionFs, readConfigFile } from '../options/config-file.ts';
import { ownPaths } from './configuration.ts';
import { homeFolder } from './home.ts';

/** `[commands]` of the user's file alone, for when nothing else of the configuration counts. None where it is wrong. */
export async function configuredCommands(): Promise<Commands> {
  try {
    const file = await readConfigFile(ownPaths().configFile, optionFs);
    if (file.kind !== 'read') return {};
    const commands = parseCommands(file.values['commands'], { home: homeFolder() });
    return commands.ok ? commands.value : {};
  } catch {
    return {};
  }
}
