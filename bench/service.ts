/**
 * Requests a second of an action over HTTP: the service beside bare node:http that runs the same action, both in one
 * process on a sender in memory: `npm run bench:service`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';

const rounds = 7;
const roundMs = 1500;
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

async function measure({ pool, path }: (typeof targets)['bare']): Promise<number> {
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
  return (count * 1000) / roundMs;
}

for (const target of Object.values(targets)) await measure(target);
const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const [first, second] = [await measure(targets.bare), await measure(targets.service)];
  ratios.push(second / first);
  console.log(
    `bare ${Math.round(first)}/s  service ${Math.round(second)}/s  ratio ${(second / first).toFixed(2)}`,
  );
}
ratios.sort((a, b) => a - b);
console.log(
  `median ratio ${ratios[Math.floor(rounds / 2)]!.toFixed(2)} (${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)})`,
);
for (const { pool } of Object.values(targets)) await pool.close();
child.kill('SIGKILL');
