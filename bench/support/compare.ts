/** An operation to measure. */
export interface Contender {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

/** Cost of one operation in microseconds: wall time, and CPU time of this process. */
export interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

/** The median cost of a contender, and the median ratio to the last contender. */
export interface Comparison {
  readonly name: string;
  readonly cost: Cost;
  readonly ratio: Cost;
  /** Difference between the largest and the smallest ratio of CPU time. */
  readonly spread: number;
}

export interface CompareOptions {
  readonly rounds: number;
  /** In each round. */
  readonly operations: number;
  /** Before the first round; as many as in a round by default. */
  readonly warmUp?: number;
}

/**
 * Measures contenders alternately (A B A B ...), so that changes in the speed of the machine affect all of them. Ratios
 * compare each contender with the last one in the same round.
 */
export async function compare(
  contenders: readonly Contender[],
  { rounds, operations, warmUp = operations }: CompareOptions,
): Promise<readonly Comparison[]> {
  const measurements = contenders.map((contender) => ({ contender, costs: [] as Cost[] }));
  for (const contender of contenders) await measure(contender, warmUp);
  for (let round = 0; round < rounds; round++)
    for (const { contender, costs } of measurements) costs.push(await measure(contender, operations));
  const all = measurements.map(({ contender: { name }, costs }) => ({ name, costs }));
  return toComparisons(all, contenders.at(-1)?.name ?? '');
}

/** Compares costs that were measured in alternating rounds with those of one contender. */
export function toComparisons(
  all: readonly { readonly name: string; readonly costs: readonly Cost[] }[],
  base: string,
): readonly Comparison[] {
  const baseCosts = all.find(({ name }) => name === base)?.costs ?? [];
  return all.map(({ name, costs }) => toComparison(name, costs, baseCosts));
}

function toComparison(name: string, costs: readonly Cost[], baseCosts: readonly Cost[]): Comparison {
  const ratiosOf = (unit: keyof Cost) =>
    costs.map((cost, round) => cost[unit] / (baseCosts[round]?.[unit] ?? Number.NaN));
  const cpuRatios = ratiosOf('cpuUs');
  return {
    name,
    cost: {
      wallUs: median(costs.map(({ wallUs }) => wallUs)),
      cpuUs: median(costs.map(({ cpuUs }) => cpuUs)),
    },
    ratio: { wallUs: median(ratiosOf('wallUs')), cpuUs: median(cpuRatios) },
    spread: Math.max(...cpuRatios) - Math.min(...cpuRatios),
  };
}

async function measure({ work }: Contender, operations: number): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (let i = 0; i < operations; i++) await work();
  const wallUs = Number(process.hrtime.bigint() - start) / 1000;
  const used = process.cpuUsage(cpu);
  return { wallUs: wallUs / operations, cpuUs: (used.user + used.system) / operations };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
