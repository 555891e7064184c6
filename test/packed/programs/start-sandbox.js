// Starts `d365 sandbox` in a home folder of its own, where it saves the connection `sandbox`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { resolve } from 'node:path';

export const d365 = resolve('node_modules/dynamics365-connector-cli/dist/main.js');

/** @param options further options of `d365 sandbox` */
export async function startSandbox(...options) {
  const home = resolve(mkdtempSync('home-'));
  const env = { ...process.env, D365_HOME: home, D365_KEY_FILE: `${home}-keys/vault.key` };
  const child = spawn(process.execPath, [d365, 'sandbox', '--json', ...options], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return {
    ...JSON.parse(line),
    env,
    async stop() {
      child.kill('SIGTERM');
      return await once(child, 'exit');
    },
  };
}
