import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * The user's home. An empty or relative HOME counts as none: our files would be wherever the user stands.
 * @throws where the system does not know the user
 */
export function homeFolder(home = homedir(), registered = () => userInfo().homedir): string {
  return isAbsolute(home) ? home : registered();
}
