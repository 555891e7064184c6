import { createSandbox, type SandboxOrganisation } from 'dynamics365-connector-sandbox';
import type { Values } from '../../../packages/sandbox/src/store/types.ts';
import {
  type Client,
  type ConnectorError,
  type HttpRequest,
  type JsonObject,
  loadConnector,
  type SendRequest,
} from '../../../src/index.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { createNodeFetchSender } from '../../../src/node/node-fetch-sender.ts';

/** An organisation, a client, and every request that goes from one to the other. */
export interface Stage {
  readonly organisation: SandboxOrganisation;
  readonly client: Client;
  /** The time of both; may be set. Waiting moves it, fifty times as fast as it is. */
  readonly clock: { ms: number };
  /** What the client has sent; may be emptied. */
  readonly sent: HttpRequest[];
  /** Stands between them from now on. */
  between(answer: (request: HttpRequest, send: SendRequest) => ReturnType<SendRequest>): void;
  run(action: string, input: JsonObject): Promise<JsonObject>;
  /** The error of a call that must fail. */
  refusal(work: Promise<unknown>): Promise<ConnectorError>;
  /** Adds rows past the Web API; answers their ids. */
  fill(table: string, count: number, values?: (at: number) => Values): readonly string[];
  newCase(): Promise<JsonObject>;
  close(): Promise<void>;
}

/** Opens one. */
export async function openStage(): Promise<Stage> {
  const clock = { ms: Date.parse('2026-03-01T09:00:00Z') };
  const time = {
    now: () => clock.ms,
    async sleep(ms: number, signal?: AbortSignal) {
      const end = clock.ms + ms;
      await systemClock.sleep(ms / 50, signal);
      clock.ms = Math.max(clock.ms, end);
    },
  };
  const sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'empty' }], clock: time });
  const { organisation } = sandbox;
  const actor = { userId: organisation.userIdOf(sandbox.user)! };
  const sender = createNodeFetchSender();
  const sent: HttpRequest[] = [];
  let answer: Parameters<Stage['between']>[0] = (request, send) => send(request);
  const send: SendRequest = async (request) => {
    sent.push(request);
    return await answer(request, sender);
  };
  const connector = await loadConnector({ world: { send, clock: time } });
  const client = connector.connect(
    { orgUrl: organisation.origin },
    { kind: 'host', bring: () => ({ token: sandbox.tokenFor() }) },
    { allowLoopback: true },
  );
  const run = async (action: string, input: JsonObject) =>
    (await client.run(action, input)).output as JsonObject;
  return {
    ...{ organisation, client, clock, sent, run },
    between(other) {
      answer = other;
    },
    refusal: (work) =>
      work.then(
        () => {
          throw new Error('it succeeded');
        },
        (error: ConnectorError) => error,
      ),
    fill: (table, count, values = (at) => ({ lastname: `Person ${at}` })) =>
      organisation.store.transaction(() =>
        Array.from({ length: count }, (_, at) => organisation.store.insert(table, values(at), actor).id),
      ),
    async newCase() {
      const account = await run('account.create', { name: 'Contoso' });
      return await run('case.create', { title: 'x', customer: { table: 'account', id: account.id! } });
    },
    close: () => sandbox.close(),
  };
}
