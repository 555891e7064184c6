import { ConnectorError, Secret, type UntypedOperations } from 'dynamics365-connector';
import { type AnyConnector, createConnector, createMemoryStore, runtimeOf } from 'dynamics365-connector/host';

const id = '00000000-0000-4000-8000-000000000000';
/** One call of each kind: a table of ours, any table, a query, and an input with an error. */
const calls: readonly (readonly [action: string, input: object])[] = [
  ['account.get', { id }],
  ['record.get', { table: 'account', id }],
  ['query.fetch', { fetchXml: '<fetch><entity name="account"/></fetch>' }],
  ['account.get', {}],
];

/**
 * Runs a few actions on an organization in memory. The engine loads code when it is first needed, which takes up to 80 ms
 * in one turn of the event loop: after this, no request waits for that of another. Nothing is sent, stored or logged.
 *
 * @returns how each call ended: `ok`, or the code of its error
 */
export async function warmUp(connector: AnyConnector): Promise<readonly string[]> {
  const { definition, validator, services } = runtimeOf(connector);
  const { clock, random, uuid } = services;
  const client = createConnector<UntypedOperations>({
    definition,
    validator,
    services: { clock, random, uuid, send: answerInMemory, store: createMemoryStore(), log: () => {} },
  }).connect(
    { orgUrl: 'https://warm-up.crm.dynamics.com', tenant: id },
    { kind: 'app', app: { clientId: id, clientSecret: new Secret('none') } },
  );
  const outcomes: string[] = [];
  for (const [action, input] of calls) {
    if (!Object.hasOwn(definition.actions, action)) continue;
    const outcome = client.run(action, { ...input }).then(() => 'ok', codeOf);
    outcomes.push(await outcome);
  }
  return outcomes;
}

/** Between two compilations, requests are answered. */
const compileEveryMs = 200;

/**
 * Compiles what finds the issues of invalid inputs, one action or trigger after another. Each takes up to 60 ms in one turn
 * of the event loop, in the first invalid input of that action otherwise. All of them take about 16 MB.
 */
export async function compileInputChecks(connector: AnyConnector, signal: AbortSignal): Promise<void> {
  const { definition, validator, services } = runtimeOf(connector);
  for (const { input } of [...Object.values(definition.actions), ...Object.values(definition.triggers)]) {
    await services.clock.sleep(compileEveryMs, signal).catch(() => {});
    if (signal.aborted) return;
    validator.issues(input, null);
  }
}

const codeOf = (error: unknown) => (ConnectorError.is(error) ? error.code : 'unexpected');

const token = `x.${btoa(JSON.stringify({ oid: id }))}.x`;
const tokenAnswer = JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600 });

async function answerInMemory({ url }: { readonly url: string }) {
  const text = url.includes('/oauth2/') ? tokenAnswer : JSON.stringify({ accountid: id });
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield new TextEncoder().encode(text);
    })(),
  };
}
