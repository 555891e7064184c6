import { setTimeout } from 'node:timers/promises';
import { createSandbox, type Sandbox } from '../../src/index.ts';
import { type Answer, type Exchange, sampleOrigin } from './exchange.ts';
import { removeAbsentColumns } from './seed/absent-columns.ts';
import { presumeError } from './seed/presume-error.ts';
import { actor, usDollar } from './seed/rows.ts';
import { type Sample, toSample } from './seed/sample.ts';
import { seed } from './seed/seed.ts';
import { useCurrentVersions } from './seed/versions.ts';
import { encodeTarget, sendRequest } from './send-request.ts';

/** What the sandbox answered, and which presumed rows could not be created. */
export interface Replay {
  readonly answer: Answer;
  readonly problems: readonly string[];
  /** What the recorded organization lacks. */
  readonly notes: readonly string[];
}

/** Replays an exchange over HTTP in an organization of its own that holds the rows which the exchange presumes. */
export async function replayExchange(exchange: Exchange): Promise<Replay> {
  const sample = toSample(exchange);
  const sandbox = await startSandbox(sample);
  try {
    const { organization } = sandbox;
    const { problems, notes } = prepare(sandbox, sample);
    const { origin } = organization;
    const { method, url, body } = exchange.request;
    const answer = await sendRequest({
      method,
      origin,
      target: encodeTarget(url.slice(sampleOrigin.length)),
      headers: headersOf(sandbox, sample),
      body: toBody(exchange, body)?.replaceAll(sampleOrigin, origin),
    });
    return { answer: useSampleUrls(answer, origin), problems, notes };
  } finally {
    await sandbox.close();
  }
}

function startSandbox(sample: Sample): Promise<Sandbox> {
  const nowMs = clockOf(sample);
  const clock =
    nowMs === undefined
      ? undefined
      : {
          now: () => nowMs,
          sleep: (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, { signal }),
        };
  // Only the error of a user who is not a member needs another organization.
  const others = isNotMember(sample) ? [{ name: 'other', data: 'empty' as const }] : [];
  return createSandbox({
    organizations: [{ name: 'contoso', data: 'empty' }, ...others],
    users: [
      { name: 'member@contoso.example' },
      ...others.map(({ name }) => ({ name: 'guest@contoso.example', organizations: [name] })),
    ],
    clock,
  });
}

/** The time of the replay, in milliseconds: delta tokens contain a time. */
function clockOf({ request, json }: Sample): number | undefined {
  const text = `${request.url} ${JSON.stringify(json)}`;
  const token = decodeURIComponent(/deltatoken=([\w%]+)/.exec(text)?.[1] ?? '');
  const parts = /!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)/.exec(token);
  return parts ? Date.parse(`${parts[3]}-${parts[1]}-${parts[2]}T${parts[4]}Z`) + 60_000 : undefined;
}

function prepare({ organization }: Sandbox, sample: Sample): Pick<Replay, 'problems' | 'notes'> {
  const { store } = organization;
  const notes = removeAbsentColumns(store, sample);
  const { userId } = actor;
  for (const { id } of store.query('transactioncurrency', { select: [], actor }).rows) {
    store.update({ table: 'transactioncurrency', id, values: usDollar, actor });
  }
  store.insert('systemuser', { systemuserid: userId, firstname: 'System', lastname: 'Administrator' }, actor);
  const problems = seed(store, sample);
  presumeError(organization, sample);
  return { problems, notes };
}

function isNotMember({ json }: Sample): boolean {
  return (json?.error as { readonly code?: unknown } | undefined)?.code === '0x80072560';
}

function headersOf(sandbox: Sandbox, sample: Sample): Readonly<Record<string, string>> {
  const { organization, users } = sandbox;
  const user = isNotMember(sample) ? users[1] : users[0];
  return {
    Accept: 'application/json',
    'OData-MaxVersion': '4.0',
    'OData-Version': '4.0',
    ...useCurrentVersions(organization.store, sample),
    Authorization: `Bearer ${sandbox.issueToken(user, organization)}`,
  };
}

/** The lines of a batch end with CR LF. */
function toBody({ request }: Exchange, body: string | undefined): string | undefined {
  return request.url.endsWith('$batch') ? body?.replace(/\r?\n/g, '\r\n') : body;
}

function useSampleUrls({ status, headers, body }: Answer, origin: string): Answer {
  const replaced = (text: string) => text.replaceAll(origin, sampleOrigin);
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, replaced(value)])),
    body: replaced(body),
  };
}
