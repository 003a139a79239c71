import type { Intake } from './listener.ts';

/** The same intake, with a word of each request's time of arrival, Unix ms. */
export function watched(intake: Intake, onArrival: (at: number) => void): Intake {
  return {
    accept: (received) => {
      onArrival(received.at);
      intake.accept(received);
    },
    room: () => intake.room(),
  };
}
