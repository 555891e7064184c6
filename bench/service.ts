/**
 * Requests a second of an action over HTTP: the service beside bare node:http that runs the same action, both in one
 * process on a sender in memory: `npm run bench:service`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';

const rounds = 16;
const roundMs = 700;
const concurrency = 32;
const body = JSON.stringify({ id: '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90' });

const child = spawn(
  process.execPath,
  ['--conditions=development', join(import.meta.dirname, 'support/service-process.ts')],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
const { bare, service, key } = JSON.parse(line) as { bare: string; service: string; key: string };
const targets = {
  bare: { pool: new Pool(bare, { connections: concurrency }), path: '/' },
  service: {
    pool: new Pool(service, { connections: concurrency }),
    path: '/v1/connections/contoso/actions/account.get',
  },
};

interface Measured {
  readonly perSecond: number;
  /** Processor time of the server for each request, in microseconds. */
  readonly cpuUs: number;
}

async function measure({ pool, path }: (typeof targets)['bare']): Promise<Measured> {
  const cpuBefore = await readCpuUs();
  const end = performance.now() + roundMs;
  let count = 0;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const work = async () => {
    while (performance.now() < end) {
      const response = await pool.request({ method: 'POST', path, headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { perSecond: (count * 1000) / roundMs, cpuUs: ((await readCpuUs()) - cpuBefore) / count };
}

async function readCpuUs(): Promise<number> {
  const response = await targets.bare.pool.request({ method: 'GET', path: '/' });
  const { user, system } = (await response.body.json()) as NodeJS.CpuUsage;
  return user + system;
}

for (const target of Object.values(targets)) await measure(target);
const ratios: number[] = [];
const cpuRatios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const isBareFirst = round % 2 === 0;
  const first = await measure(isBareFirst ? targets.bare : targets.service);
  const second = await measure(isBareFirst ? targets.service : targets.bare);
  const [bare, service] = isBareFirst ? [first, second] : [second, first];
  ratios.push(service.perSecond / bare.perSecond);
  cpuRatios.push(bare.cpuUs / service.cpuUs);
  console.log(`bare ${describe(bare)}  service ${describe(service)}`);
}
print('requests a second', ratios);
print('requests in the same processor time', cpuRatios);

function describe({ perSecond, cpuUs }: Measured): string {
  return `${Math.round(perSecond)}/s, ${Math.round(cpuUs)} us`;
}

function print(name: string, values: number[]): void {
  const sorted = values.sort((a, b) => a - b).map((value) => value.toFixed(2));
  console.log(`${name}: median ${sorted[rounds / 2]} of bare (${sorted[0]} to ${sorted.at(-1)})`);
}

for (const { pool } of Object.values(targets)) await pool.close();
child.kill('SIGKILL');
