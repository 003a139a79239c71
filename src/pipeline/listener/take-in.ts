import type { Intake, Received } from './listener.ts';

/** Bodies wait in the sockets until there is room. */
export async function roomIn(intake: Intake): Promise<void> {
  try {
    for (let full = intake.room(); full !== null; full = intake.room()) await full;
  } catch {
    // Too much in memory is better than a CLI that waits for ever.
  }
}

/** When this returns the sender is answered, whatever came of it: what is wrong with us is no matter of the CLI's. */
export function takeIn(intake: Intake, received: Received): void {
  try {
    intake.accept(received);
  } catch {
    // See above.
  }
}
