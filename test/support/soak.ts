/** True under `npm run soak:*`: the same tests, in the numbers that the documents name. */
export const soaking = process.env.D365_SOAK === '1';

/** A number of everyday tests, or the full one. */
export function atScale(everyday: number, full: number): number {
  return soaking ? full : everyday;
}
