/** True under `npm run soak:*`: the same tests, in the numbers that the documents name. */
export const isSoakRun = process.env.D365_SOAK === '1';

/** A number of everyday tests, or the full one. */
export function atScale(normal: number, full: number): number {
  return isSoakRun ? full : normal;
}
