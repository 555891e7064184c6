const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** `500ms`, `60s`, `5m` in milliseconds; the grammar has checked the spelling. */
export function parseDurationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)(ms|s|m)$/.exec(text) ?? [];
  return Number(count) * units[unit]!;
}
