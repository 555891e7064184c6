const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Converts `500ms`, `60s`, `5m`, `2h` or `3d` to milliseconds. The grammar has checked the format. */
export function parseDurationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(count) * (units[unit] ?? 1);
}
