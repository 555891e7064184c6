import { randomUUID } from 'node:crypto';
import { type ActionDefinition, ConnectorError, type JsonObject } from 'dynamics365-connector';
import {
  appendTest,
  createRecordingSender,
  type RecordedExchange,
  recordTest,
} from 'dynamics365-connector/authoring';
import { requireOperation, runtimeOf } from 'dynamics365-connector/host';
import { toProblem } from '../../problem/problem.ts';
import { type AuthorConnector, withSender } from './author-connector.ts';
import type { AuthorFiles } from './author-files.ts';
import type { AuthorServices } from './author-options.ts';

/** Runs actions of the author on a connection, and makes tests of these runs. */
export interface DraftRuns {
  run(run: DraftRun): Promise<JsonObject>;
  /** Adds a run to the file of its action as a contract test, without personal data and secrets. */
  record(id: string, name: string): Promise<JsonObject>;
}

export interface DraftRun {
  readonly action: string;
  readonly connection: string;
  readonly input: JsonObject;
  readonly signal: AbortSignal;
}

interface FinishedRun {
  readonly action: string;
  readonly input: JsonObject;
  readonly exchanges: readonly RecordedExchange[];
}

/** Runs that can be made a test. Their responses are in memory, so only the last ones are kept. */
const maxRuns = 20;

export function createDraftRuns(
  parts: AuthorServices,
  author: AuthorConnector,
  files: AuthorFiles,
): DraftRuns {
  const runs = new Map<string, FinishedRun>();
  return {
    async run({ action, connection, input, signal }) {
      const { send, exchanges } = createRecordingSender(runtimeOf(parts.connector).services.send);
      const connector = withSender(await author.open(), send);
      const { actions, triggers } = runtimeOf(connector).definition;
      requireOperation('action', actions, action, triggers);
      const { saved, credential, options } = await parts.connections.open(connection);
      const client = connector.connect(saved.settings, credential, options);
      const outcome = await client.run(action, input, { signal }).then(
        ({ output, meta }) => ({ output, meta: { ...meta } as unknown as JsonObject }),
        (error: unknown) => ({ problem: toProblem(error) as JsonObject }),
      );
      const id = randomUUID();
      runs.set(id, { action, input, exchanges });
      for (const old of [...runs.keys()].slice(0, -maxRuns)) runs.delete(old);
      return { id, ...outcome, exchanges: exchanges.map(describeExchange) };
    },
    async record(id, name) {
      const run = runs.get(id);
      if (run === undefined) throw unknownRun();
      const runtime = runtimeOf(await author.open());
      const action = requireOperation('action', runtime.definition.actions, run.action);
      assertOwn(action);
      const { test, replaced } = await recordTest(runtime, action, { ...run, name });
      const { text, hash } = await files.read(action.file);
      const added = appendTest(action.file, text, test);
      if (added === undefined) throw notAppendable(action.file);
      const saved = await files.replace(action.file, added, hash);
      return { ...saved, replaced };
    },
  };
}

/** What the page shows of a request: tokens are in headers, which are left out. */
function describeExchange({ request, response }: RecordedExchange): JsonObject {
  return { method: request.method, url: request.url, status: response.status, body: response.body };
}

function assertOwn({ id, from, file }: ActionDefinition): void {
  if (from === undefined && !file.startsWith('actions/_.')) return;
  throw new ConnectorError(
    'INPUT_INVALID',
    `${id} has no file of its own here that a test could be added to.`,
    {
      operation: id,
      advice: 'Write an action of your own, or use d365 record for a template.',
    },
  );
}

const unknownRun = () =>
  new ConnectorError('NOT_FOUND', 'The run is not known any more.', { advice: 'Run the action again.' });

const notAppendable = (file: string) =>
  new ConnectorError('MANIFEST_INVALID', `The test cannot be added to ${file}.`, {
    advice: 'Write "tests:" as a list in lines of its own.',
  });
