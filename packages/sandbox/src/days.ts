/** A day in milliseconds. */
export const dayMs = 86_400_000;

/** The start of the day of a time, in UTC. Both are milliseconds since the epoch. */
export const startOfDay = (ms: number): number => Math.floor(ms / dayMs) * dayMs;
