/**
 * The long soak tests: `npm run soak`, or some of them with `npm run soak -- sqlite postgres throughput`, and
 * `npm run soak:push` (KILLS=300, CHANGE_EVERY=2 and MAX_PAUSE=8000 milliseconds, STORM_ROWS=50). A full disk needs
 * root on Linux. The exit code is 1 if a row of a copy is wrong, or an event was lost or stored twice.
 */
import { bundleScripts } from './bundle-scripts.ts';
import { type Disturbance, runSoak, type SoakOptions } from './soak.ts';

const canMount = process.platform === 'linux' && process.getuid?.() === 0;
const report = (line: string) => console.log(`  ${line}`);

/** 48 kills; each of the six others follows eight of them. */
function createDisturbances(others: readonly Disturbance[]): readonly Disturbance[] {
  const kills = Array<Disturbance>(48 / others.length).fill('kill');
  const all = others.flatMap((other) => [...kills, other]);
  return all.filter((disturbance) => canMount || disturbance !== 'fullDisk');
}

const soaks: Readonly<Record<string, SoakOptions>> = {
  sqlite: {
    store: 'sqlite',
    organization: 'sandbox',
    workers: 2,
    consumers: 50,
    everyMs: 1000,
    changeEveryMs: 50,
    disturbances: createDisturbances(['stop', 'stop', 'fullDisk', 'stop', 'stop', 'stop']),
    maxPauseMs: 3000,
  },
  postgres: {
    store: 'postgres',
    organization: 'sandbox',
    workers: 3,
    consumers: 50,
    everyMs: 1000,
    changeEveryMs: 50,
    disturbances: createDisturbances(['stop', 'restart', 'fullDisk', 'stop', 'restart', 'stop']),
    maxPauseMs: 4000,
  },
  push: {
    store: 'sqlite',
    organization: 'push',
    workers: 2,
    consumers: 10,
    everyMs: 3000,
    changeEveryMs: Number(process.env.CHANGE_EVERY ?? 2),
    disturbances: Array<Disturbance>(Number(process.env.KILLS ?? 300)).fill('kill'),
    maxPauseMs: Number(process.env.MAX_PAUSE ?? 8000),
  },
  throughput: {
    store: 'postgres',
    organization: 'stub',
    workers: 3,
    consumers: 5000,
    everyMs: 60_000,
    changeEveryMs: 10,
    disturbances: [...Array(7).fill('kill'), 'restart', ...Array(8).fill('kill')],
    maxPauseMs: 40_000,
  },
};

const names =
  process.argv.length > 2 ? process.argv.slice(2) : Object.keys(soaks).filter((name) => name !== 'push');
const scripts = await bundleScripts();
for (const name of names) {
  const soak = soaks[name];
  if (soak === undefined) throw new Error(`"${name}" is none of ${Object.keys(soaks).join(', ')}`);
  console.log(`${name}: ${soak.workers} workers, ${soak.disturbances.length} disturbances`);
  const { changed, events, ...problems } = await runSoak({ ...soak, scripts, report });
  console.log({ changed, events, ...problems });
  if (Object.values(problems).some((count) => count > 0)) process.exitCode = 1;
}
process.exit();
