/** Aborts at the first SIGINT or SIGTERM. A second one ends the process at once, which is the default of Node.js. */
export function createStopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}
