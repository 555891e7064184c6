import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds in a clock tick, the unit of CPU time in /proc. */
const tickMs = 10;

/** CPU time of a process and its children in milliseconds, with those that have ended. Linux only. */
export function processTreeCpuMs(root: number): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const stats = pids.flatMap((pid) => readStat(Number(pid)));
  return stats
    .filter(({ pid, parent }) => pid === root || parent === root)
    .reduce((sum, { ownMs, endedMs }) => sum + ownMs + endedMs, 0);
}

function readStat(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses can contain spaces; the fields after it cannot.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ms = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) * tickMs;
    return [{ pid, parent: Number(fields[1]), ownMs: ms(11), endedMs: ms(13) }];
  } catch {
    return [];
  }
}
