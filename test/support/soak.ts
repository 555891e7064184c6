/** Returns `full` under `npm run soak:*`, with the numbers that the documentation states, and otherwise `normal`. */
export function atScale(normal: number, full: number): number {
  return process.env.D365_SOAK === '1' ? full : normal;
}
