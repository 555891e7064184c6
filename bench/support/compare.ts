/** One thing to do, many times. */
export interface Contender {
  readonly name: string;
  readonly work: () => Promise<unknown>;
}

/** Microseconds an operation: wall time and CPU of this process. */
export interface Cost {
  readonly wallUs: number;
  readonly cpuUs: number;
}

/**
 * Measures contenders in turn, A B A B ..., so that a machine whose speed drifts treats them alike. Answers the
 * median cost of each and the median of the ratios to the last one, pair by pair.
 */
export async function compare(
  contenders: readonly Contender[],
  { rounds, operations }: { readonly rounds: number; readonly operations: number },
): Promise<
  readonly { readonly name: string; readonly cost: Cost; readonly ratio: Cost; readonly spread: number }[]
> {
  for (const contender of contenders) await measure(contender, operations);
  const costs: Cost[][] = [];
  for (let round = 0; round < rounds; round++) {
    const row: Cost[] = [];
    for (const contender of contenders) row.push(await measure(contender, operations));
    costs.push(row);
  }
  const base = contenders.length - 1;
  return contenders.map(({ name }, index) => {
    const cpuRatios = costs.map((row) => row[index]!.cpuUs / row[base]!.cpuUs);
    return {
      name,
      cost: {
        wallUs: median(costs.map((row) => row[index]!.wallUs)),
        cpuUs: median(costs.map((row) => row[index]!.cpuUs)),
      },
      ratio: {
        wallUs: median(costs.map((row) => row[index]!.wallUs / row[base]!.wallUs)),
        cpuUs: median(cpuRatios),
      },
      spread: Math.max(...cpuRatios) - Math.min(...cpuRatios),
    };
  });
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
  return sorted[Math.floor(sorted.length / 2)]!;
}
