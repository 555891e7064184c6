import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clouds } from '../../src/auth/clouds.ts';
import { defaultServiceLimits, windowMs } from '../../src/http/rate-limit/service-limits.ts';

describe('docs/connections.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/connections.md'), 'utf8');

  for (const [name, { authorityOrigin, discoveryOrigin, issuers }] of Object.entries(clouds)) {
    it(`lists the hosts of the ${name} cloud that are in the code`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      for (const host of [authorityOrigin, discoveryOrigin, ...issuers])
        expect(row).to.contain(`\`${host}\``);
    });
  }

  it('states the service protection limits that are in the code', () => {
    const { maxRequests, maxExecutionMs, maxConcurrentRequests } = defaultServiceLimits;
    const minutes = (ms: number) => `${ms / 60_000} minutes`;
    const requests = `${maxRequests.toLocaleString('en-US')} in ${minutes(windowMs)}`;
    expect(page).to.contain(`| number of requests | ${requests} |`);
    expect(page).to.contain(`| combined execution time | ${minutes(maxExecutionMs)} (`);
    expect(page).to.contain(`| concurrent requests | ${maxConcurrentRequests} |`);
  });
});
