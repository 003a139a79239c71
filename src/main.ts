import { dispatch } from './commands/dispatch.ts';
import { leaveLike } from './launcher/leave.ts';

void dispatch(process.argv.slice(2)).then(leaveLike);
