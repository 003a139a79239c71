import { timingSafeEqual } from 'node:crypto';

/** A comparison whose time does not tell how much of a guess was right. */
export function secretCheck(secret: string): (guess: string) => boolean {
  const wanted = Buffer.from(secret);
  return (guess) => {
    const given = Buffer.from(guess);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
}
