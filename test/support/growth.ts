/** How the time of a function grows with its text. */
export interface Growth {
  /** Milliseconds of processor time for the shorter and for the longer text. */
  readonly short: number;
  readonly long: number;
}

/** The longer text is this many times as long. */
export const growthFactor = 4;

/**
 * Times a function on a text and on one that is four times as long. Processor time of the process, the least of three
 * runs: other programs of the machine do not count.
 */
export function measureGrowth(
  run: (text: string) => unknown,
  text: (length: number) => string,
  length: number,
): Growth {
  const [short, long] = [text(length), text(length * growthFactor)];
  const { stackTraceLimit } = Error;
  // Mocha keeps whole stacks: then each error of a recursive function takes as long as the stack is deep.
  Error.stackTraceLimit = 10;
  try {
    run(text(100));
    return { short: leastTime(() => run(short)), long: leastTime(() => run(long)) };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function leastTime(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
    // A quick run needs no second one.
    if (least < quickMs) break;
  }
  return least;
}

/** Below this, the time of the longer text is no problem whatever its growth is. */
const quickMs = 50;

/** Linear growth has the factor 4, quadratic growth 16. */
const maxRatio = 9;

/** What is wrong with a growth; undefined if it is linear or too quick to matter. */
export function describeGrowth({ short, long }: Growth): string | undefined {
  const ratio = long / Math.max(short, 0.5);
  if (long < quickMs || ratio < maxRatio) return undefined;
  return `${short.toFixed(1)} ms -> ${long.toFixed(1)} ms for ${growthFactor} times the text (× ${ratio.toFixed(1)})`;
}
