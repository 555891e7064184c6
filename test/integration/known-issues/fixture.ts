import { createSandbox, type SandboxOrganization } from 'dynamics365-connector-sandbox';
import type { ColumnValues } from '../../../packages/sandbox/src/store/types.ts';
import {
  type Client,
  type ConnectorError,
  type HttpRequest,
  type HttpSender,
  type JsonObject,
  loadConnector,
} from '../../../src/index.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { createNodeFetchSender } from '../../../src/node/node-fetch-sender.ts';

/** An organization, a client, and every request that goes from one to the other. */
export interface KnownIssueFixture {
  readonly organization: SandboxOrganization;
  readonly client: Client;
  /** The time of both; may be set. Waiting moves it, fifty times as fast as it is. */
  readonly clock: { ms: number };
  /** What the client has sent; may be emptied. */
  readonly sent: HttpRequest[];
  /** Stands between them from now on. */
  intercept(answer: (request: HttpRequest, send: HttpSender) => ReturnType<HttpSender>): void;
  run(action: string, input: JsonObject): Promise<JsonObject>;
  /** The error of a call that must fail. */
  failure(work: Promise<unknown>): Promise<ConnectorError>;
  /** Adds rows past the Web API; answers their ids. */
  addRows(table: string, count: number, values?: (at: number) => ColumnValues): readonly string[];
  newCase(): Promise<JsonObject>;
  close(): Promise<void>;
}

/** Opens one. */
export async function openFixture(): Promise<KnownIssueFixture> {
  const clock = { ms: Date.parse('2026-03-01T09:00:00Z') };
  const time = {
    now: () => clock.ms,
    async sleep(ms: number, signal?: AbortSignal) {
      const end = clock.ms + ms;
      await systemClock.sleep(ms / 50, signal);
      clock.ms = Math.max(clock.ms, end);
    },
  };
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], clock: time });
  const { organization } = sandbox;
  const actor = { userId: organization.findSystemUserId(sandbox.user)! };
  const sender = createNodeFetchSender();
  const sent: HttpRequest[] = [];
  let answer: Parameters<KnownIssueFixture['intercept']>[0] = (request, send) => send(request);
  const send: HttpSender = async (request) => {
    sent.push(request);
    return await answer(request, sender);
  };
  const connector = await loadConnector({ services: { send, clock: time } });
  const client = connector.connect(
    { orgUrl: organization.origin },
    { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
    { allowLoopback: true },
  );
  const run = async (action: string, input: JsonObject) =>
    (await client.run(action, input)).output as JsonObject;
  return {
    ...{ organization, client, clock, sent, run },
    intercept(other) {
      answer = other;
    },
    failure: (work) =>
      work.then(
        () => {
          throw new Error('it succeeded');
        },
        (error: ConnectorError) => error,
      ),
    addRows: (table, count, values = (at) => ({ lastname: `Person ${at}` })) =>
      organization.store.transaction(() =>
        Array.from({ length: count }, (_, at) => organization.store.insert(table, values(at), actor).id),
      ),
    async newCase() {
      const account = await run('account.create', { name: 'Contoso' });
      return await run('case.create', { title: 'x', customer: { table: 'account', id: account.id! } });
    },
    close: () => sandbox.close(),
  };
}
