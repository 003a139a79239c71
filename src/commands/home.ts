import { isAbsolute } from 'node:path';

const variable = process.platform === 'win32' ? 'USERPROFILE' : 'HOME';

/**
 * The user's home. An empty or relative HOME counts as none: our files would be wherever the user stands.
 * @throws where the system does not know the user
 */
export function homeFolder(home = process.env[variable] ?? '', registered = registeredHome): string {
  return isAbsolute(home) ? home : registered();
}

/** Loaded when it is needed: `node:os` would take a fifth of a ms of every start. */
function registeredHome(): string {
  return process.getBuiltinModule('node:os').userInfo().homedir;
}
