import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second, as Linux counts CPU time. */
const tickMs = 10;

/** CPU time of a process and of its children, those that ended included, in milliseconds. Linux only. */
export function processTreeCpuMs(root: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = all.flatMap((pid) => readStat(Number(pid)));
  return stats
    .filter(({ pid, parent }) => pid === root || parent === root)
    .reduce((sum, { ownMs, goneMs }) => sum + ownMs + goneMs, 0);
}

function readStat(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold spaces; everything after its bracket is numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ms = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) * tickMs;
    return [{ pid, parent: Number(fields[1]), ownMs: ms(11), goneMs: ms(13) }];
  } catch {
    return [];
  }
}
