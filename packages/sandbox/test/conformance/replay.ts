import { readFileSync } from 'node:fs';
import { openOrganizationStore } from '../../src/store/open-organization-store.ts';
import { createWebApi } from '../../src/web-api/web-api.ts';
import { compareResponse } from './compare.ts';
import { fillPlaceholders, origin, type Sample, useLocalOrigin } from './sample.ts';
import { seed } from './seed.ts';
import { findSkipReason } from './skip-reason.ts';

/*
 * npm run conformance -- <http-samples.json>
 *
 * Replays documented exchanges of the Web API against the sandbox: every sample whose first path segment is a
 * modeled table or operation, each in a fresh organization that holds the rows which the sample takes for granted.
 */

const userId = '4026be43-6b69-e111-8f65-78e7d1620f5e';

/** Replays a sample in its own organization. */
function replaySample(sample: Sample): readonly string[] {
  const clock = clockForSample(sample);
  const store = openOrganizationStore({ now: () => clock });
  try {
    const currency = { currencyname: 'US Dollar', isocurrencycode: 'USD', currencysymbol: '$' };
    store.insert('transactioncurrency', currency, { userId });
    store.insert(
      'systemuser',
      { systemuserid: userId, firstname: 'System', lastname: 'Administrator' },
      { userId },
    );
    seed(store, sample);
    const webApi = createWebApi({ store, origin, now: () => clock });
    const { method, url, headers, body } = sample.request;
    const response = webApi.handle({
      method,
      target: encodeURI(fillPlaceholders(useLocalOrigin(url)))
        .replaceAll('%25', '%')
        .slice(origin.length),
      headers: headersOf(headers),
      body: new TextEncoder().encode(fillPlaceholders(useLocalOrigin(body ?? '')).replace(/\r?\n/g, '\r\n')),
      caller: { userId, organizationRead: true, isMember: true },
    });
    return compareResponse(sample, response);
  } finally {
    store.close();
  }
}

/** The time of the replay: delta tokens contain a time. */
function clockForSample({ request, response }: Sample): number {
  const text = decodeURIComponent(/deltatoken=([\w%]+)/.exec(`${request.url} ${response?.body}`)?.[1] ?? '');
  const token = /!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)/.exec(text);
  return token ? Date.parse(`${token[3]}-${token[1]}-${token[2]}T${token[4]}Z`) + 60_000 : Date.now();
}

function headersOf(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll('\n', ', ')]),
  );
}

function main(path: string | undefined): number {
  if (path === undefined) {
    console.error('Usage: npm run conformance -- <http-samples.json>');
    return 2;
  }
  const samples = JSON.parse(readFileSync(path, 'utf8')) as readonly Sample[];
  const { model } = openOrganizationStore();
  let passed = 0;
  let failed = 0;
  for (const sample of samples) {
    const name = `${sample.id}  ${sample.request.method} ${sample.request.url.slice(0, 100)}`;
    const reason = findSkipReason(sample, model);
    if (reason !== undefined) {
      console.log(`left out  ${name}\n          ${reason}`);
      continue;
    }
    const found = replaySample(sample);
    if (found.length === 0) passed++;
    else failed++;
    if (found.length > 0) console.log(`DIFFERS   ${name}\n          ${found.join('\n          ')}`);
  }
  const share = ((100 * passed) / Math.max(1, passed + failed)).toFixed(1);
  console.log(
    `\n${samples.length} samples: ${passed} the same, ${failed} differ (${share} %), the rest left out.`,
  );
  return failed / Math.max(1, passed + failed) > 0.05 ? 1 : 0;
}

process.exitCode = main(process.argv[2]);
