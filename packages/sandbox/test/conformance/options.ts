import { parseArgs } from 'node:util';

/** Options of the replay command. */
export interface ReplayOptions {
  readonly paths: readonly string[];
  /** Minimum shares in percent. */
  readonly minStatus: number;
  readonly minEssentials: number;
  readonly minHeaders: number;
  /** Seed of random names, ids, numbers and texts, and of the order; absent: exchanges as they are. */
  readonly shuffle?: number;
  /** Number of changed recordings that the comparison must find; absent: exchanges are replayed. */
  readonly mutations?: number;
}

export const usage =
  'Usage: npm run conformance -- <file.json>… [--min-status <percent>] [--min-essentials <percent>] [--min-headers <percent>] [--shuffle <seed>] [--mutations <count>]';

/** Parses the arguments of the command; undefined when they are wrong. */
export function parseOptions(args: readonly string[]): ReplayOptions | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'min-status': { type: 'string', default: '0' },
        'min-essentials': { type: 'string', default: '0' },
        'min-headers': { type: 'string', default: '0' },
        shuffle: { type: 'string' },
        mutations: { type: 'string' },
      },
    });
    const options = {
      paths: positionals,
      minStatus: Number(values['min-status']),
      minEssentials: Number(values['min-essentials']),
      minHeaders: Number(values['min-headers']),
      shuffle: values.shuffle === undefined ? undefined : Number(values.shuffle),
      mutations: values.mutations === undefined ? undefined : Number(values.mutations),
    };
    const { minStatus, minEssentials, minHeaders, shuffle = 0, mutations = 0 } = options;
    const numbers = [minStatus, minEssentials, minHeaders, shuffle, mutations];
    return positionals.length > 0 && numbers.every(Number.isFinite) ? options : undefined;
  } catch {
    return undefined;
  }
}
