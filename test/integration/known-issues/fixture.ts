import { createSandbox, type SandboxOrganization } from 'dynamics365-connector-sandbox';
import type { ColumnValues } from '../../../packages/sandbox/src/store/types.ts';
import {
  type Client,
  type ConnectorError,
  type HttpRequest,
  type HttpSender,
  type JsonObject,
  loadConnector,
  type UntypedOperations,
} from '../../../src/index.ts';
import { createSteadyClock } from '../../support/steady-clock.ts';
import { createTestSender } from '../../support/test-transport.ts';

/** A sandbox organization, a client, and the requests between them. */
export interface KnownIssueFixture {
  readonly organization: SandboxOrganization;
  readonly client: Client;
  /** The time of both; tests may set it. A sleep takes a fiftieth of its time, or longer. */
  readonly clock: { ms: number };
  /** The requests of the client; tests may clear it. */
  readonly sent: HttpRequest[];
  /** Replaces how requests are answered. */
  intercept(respond: (request: HttpRequest, send: HttpSender) => ReturnType<HttpSender>): void;
  run(action: string, input: JsonObject): Promise<JsonObject>;
  /** The error of a call; throws if the call succeeds. */
  errorOf(work: Promise<unknown>): Promise<ConnectorError>;
  /** Adds rows to the store directly; returns their ids. */
  addRows(table: string, count: number, values?: (at: number) => ColumnValues): readonly string[];
  newCase(): Promise<JsonObject>;
  /** A client of another user of the sandbox, on the same connector. */
  connectAs(user: number): Client;
  close(): Promise<void>;
}

/** Opens a fixture with an empty organization. */
export async function openFixture(): Promise<KnownIssueFixture> {
  const clock = { ms: Date.parse('2026-03-01T09:00:00Z') };
  // A busy machine does not let the timeouts pass.
  const steady = createSteadyClock({ stepMs: 50 });
  const time = {
    now: () => clock.ms,
    async sleep(ms: number, signal?: AbortSignal) {
      const end = clock.ms + ms;
      await steady.sleep(ms, signal);
      clock.ms = Math.max(clock.ms, end);
    },
  };
  const sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }], clock: time });
  const { organization } = sandbox;
  const actor = { userId: organization.findSystemUserId(sandbox.user)! };
  const sender = createTestSender();
  const sent: HttpRequest[] = [];
  let respond: Parameters<KnownIssueFixture['intercept']>[0] = (request, send) => send(request);
  const send: HttpSender = async (request) => {
    sent.push(request);
    return await respond(request, sender);
  };
  const connector = await loadConnector<UntypedOperations>({ send, clock: time });
  const connectAs = (user: number) =>
    connector.connect(
      { orgUrl: organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken(sandbox.users[user]) }) },
      { allowLoopback: true },
    );
  const client = connectAs(0);
  const run = async (action: string, input: JsonObject) =>
    (await client.run(action, input)).output as JsonObject;
  return {
    organization,
    client,
    connectAs,
    clock,
    sent,
    run,
    intercept(other) {
      respond = other;
    },
    errorOf: (work) =>
      work.then(
        () => {
          throw new Error('expected an error');
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
    async close() {
      await sandbox.close();
      steady.close();
    },
  };
}
