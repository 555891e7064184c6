const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Converts `500ms`, `60s` or `5m` to milliseconds. The grammar has checked the format. */
export function parseDurationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  return Number(count) * (units[unit] ?? 1);
}
