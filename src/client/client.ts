import type { WhoAmI } from '../auth/who-am-i.ts';
import type { RowReport, WriteJob } from '../bulk/write-job.ts';
import type { StepPlan } from '../changeset/explain-steps.ts';
import type { ChangeSetStep } from '../changeset/plan-steps.ts';
import { guard, guardAsync, guardIterable } from '../errors/guard-errors.ts';
import type { PollOptions } from '../feed/run-poll.ts';
import type { FileDownload } from '../files/download.ts';
import type { FileColumnAddress, FileUpload } from '../files/upload.ts';
import type { SchemaPurpose } from '../metadata/build-table-schema.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { Json, JsonObject, JsonSchema } from '../model/json.ts';
import type { Checkpoint, PollItem, PollResult, RequestPlan, RunResult } from '../model/plan.ts';
import { hasChanged } from '../query/current-metadata.ts';
import type { QueryReport, QueryRequest } from '../query/query-request.ts';
import { resolveTable } from '../query/resolve-table.ts';
import { applyCallOptions } from '../run/apply-call-options.ts';
import { checkClient } from '../run/check-client.ts';
import type { Connection } from '../run/connection.ts';
import { listRows, type RowList } from '../run/list-rows.ts';
import type { QueryOptions } from '../run/query-rows.ts';
import { requireOperation } from '../run/require-operation.ts';
import type { RunOptions } from '../run/run-options.ts';
import { assertCount, assertOptions, assertText } from '../validation/assert-options.ts';
import type {
  ActionId,
  ActionInput,
  ActionOutput,
  InputArguments,
  ListedRow,
  OperationTypes,
  TriggerId,
  TriggerParams,
  TriggerRow,
  UntypedOperations,
} from './operation-types.ts';
import * as rules from './option-rules.ts';
import { actionFinder, createPlanMethods, type PlanMethods } from './plan-methods.ts';
import { requireRequestAction, runOperation } from './run-operation.ts';

/**
 * One connection, ready to work. Every method throws or rejects with a ConnectorError only; input problems are
 * reported all at once and before anything is sent (INPUT_INVALID).
 */
export interface Client<Types extends OperationTypes = UntypedOperations> {
  /**
   * Tests the connection: sends WhoAmI.
   * @returns Ids of the user, business unit and organization.
   * @throws A ConnectorError whose advice says why the connection does not work and who can fix it; `suggestions` has
   * the organizations that may be meant when an address seems mistyped.
   */
  check(options?: { readonly signal?: AbortSignal }): Promise<WhoAmI>;
  /**
   * Runs an action.
   * @returns The output, and `meta`: request id, attempts, and for a list whether there are more rows.
   * @throws INPUT_INVALID before anything is sent; NOT_FOUND, CONFLICT, DUPLICATE, ACCESS_DENIED, THROTTLED and the
   * other codes of docs/errors.md.
   * @example const { output } = await client.run('case.create', { title, customer: { table: 'account', id } });
   */
  run<Id extends ActionId<Types>>(
    action: Id,
    ...rest: InputArguments<ActionInput<Types, Id>, RunOptions>
  ): Promise<RunResult<ActionOutput<Types, Id>>>;
  /**
   * Writes many rows of one table with single requests, `$batch` or the bulk message, whichever fits. Yields a report
   * for each row in order; sends nothing unless the reports are read. A job with a `key` continues where it stopped.
   * https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
   */
  writeMany(job: WriteJob): AsyncIterable<RowReport>;
  /**
   * Streams a file of any size into a note (`note.create` makes one), or into a file column or image column.
   * @returns Its size in bytes.
   * @example await client.uploadFile({ table: 'account', id, column: 'new_contract', fileName, mimeType, content });
   * https://learn.microsoft.com/power-apps/developer/data-platform/files-images-overview
   */
  uploadFile(upload: FileUpload): Promise<number>;
  /**
   * Opens the file of a note, or of a file column or image column (full size); its content is read block by block
   * while it is iterated.
   */
  downloadFile(
    from: string | FileColumnAddress,
    options?: { readonly signal?: AbortSignal },
  ): Promise<FileDownload>;
  /**
   * Runs actions that write in one change set, in order: all succeed, or none does. `{ from: 'customer' }` in the
   * input of a step stands for the row that the earlier step named `customer` writes.
   * @returns The outputs of the steps. Throws the error of the failing step, which names it.
   * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
   */
  changeSet(steps: readonly ChangeSetStep<ActionId<Types>>[], options?: RunOptions): Promise<readonly Json[]>;
  /** The rows of a list action over all its pages. Only an input `limit` ends it early, not the action's default. */
  list<Id extends ActionId<Types>>(
    action: Id,
    ...rest: InputArguments<ActionInput<Types, Id>, RunOptions>
  ): RowList<ListedRow<Types, Id>>;
  /**
   * Checks a query, FetchXML or body against the organization's own tables and sends none of it.
   * @returns What is wrong, where, and the corrected text.
   */
  checkQuery(query: QueryRequest): Promise<QueryReport>;
  /**
   * Pages of rows as Dataverse sends them, for an OData or FetchXML query.
   * @throws QUERY_INVALID with diagnostics before anything is sent.
   */
  query(query: QueryRequest, options?: QueryOptions): AsyncIterable<readonly JsonObject[]>;
  /** The organization's tables: the names of all of them, and each with its columns. */
  readonly metadata: MetadataSource;
  /**
   * JSON Schema of a table as this organization has it, custom columns included: for forms and AI tools.
   * @param table Our name, the logical name or the entity set.
   * @returns undefined when there is no such table.
   */
  tableSchema(table: string, purpose?: SchemaPurpose): Promise<JsonSchema | undefined>;
  /** The request that `run` would send, without network. Throws for an action that sends several requests. */
  explain<Id extends ActionId<Types>>(action: Id, input?: ActionInput<Types, Id>): RequestPlan;
  /**
   * The requests of an action with steps, in their order, without network; for any other action that of `explain`. What
   * an earlier step returns is not known: `assumed` has the values that stand in its place.
   */
  explainSteps<Id extends ActionId<Types>>(action: Id, input?: ActionInput<Types, Id>): readonly StepPlan[];
  /**
   * What a trigger has to report since `checkpoint`. The first poll, without a checkpoint, returns no items unless
   * `options.from` is set. Deliver the items first, then keep the new checkpoint: nothing is lost, and an item that is
   * reported again has the same `id`.
   */
  poll<Id extends TriggerId<Types>>(
    trigger: Id,
    params?: TriggerParams<Types, Id>,
    checkpoint?: Checkpoint,
    options?: PollOptions,
  ): Promise<PollResult<TriggerRow<Types, Id>>>;
  /** The newest rows that a trigger could report, at most `maxItems` (3 by default). Moves no checkpoint. */
  sample<Id extends TriggerId<Types>>(
    trigger: Id,
    maxItems?: number,
    params?: TriggerParams<Types, Id>,
  ): Promise<readonly PollItem<TriggerRow<Types, Id>>[]>;
}

/** The same methods with ids as strings; `createClient` casts them once. */
interface UntypedMethods extends PlanMethods {
  run(action: string, input?: JsonObject, options?: RunOptions): Promise<RunResult>;
  list(action: string, input?: JsonObject, options?: RunOptions): RowList;
  poll(
    trigger: string,
    params?: JsonObject,
    checkpoint?: Checkpoint,
    options?: PollOptions,
  ): Promise<PollResult>;
  sample(trigger: string, maxItems?: number, params?: JsonObject): Promise<readonly PollItem[]>;
}

/** The methods of a client, without what observes them. */
export function createClientMethods(connection: Connection): Client {
  const untyped: UntypedMethods = {
    ...runMethods(connection),
    ...createPlanMethods(connection),
    ...pollMethods(connection),
  };
  return { ...writeMethods(connection), ...queryMethods(connection), ...(untyped as Client) };
}

function runMethods(connection: Connection): Pick<UntypedMethods, 'run' | 'list'> {
  const action = actionFinder(connection);
  return {
    run: (id, input = {}, options) =>
      guardAsync(() => runOperation(connection, action(id), input, assertOptions(options, rules.runRule))),
    list(id, input = {}, options) {
      const rows = guard(() =>
        listRows(connection, requireRequestAction(action(id)), input, assertOptions(options, rules.runRule)),
      );
      return {
        pages: () => guardIterable(rows.pages),
        [Symbol.asyncIterator]: () => guardIterable(() => rows),
      };
    },
  };
}

type WriteMethods = Pick<Client, 'check' | 'changeSet' | 'writeMany' | 'uploadFile' | 'downloadFile'>;

function writeMethods(connection: Connection): WriteMethods {
  return {
    check: (options) =>
      guardAsync(() => checkClient(connection, assertOptions(options, rules.signalRule).signal)),
    changeSet: (steps, options) =>
      guardAsync(async () => {
        const checked = assertOptions(options, rules.runRule);
        const checkedSteps = rules.assertSteps(steps);
        const { runChangeSet } = await import('../changeset/run-change-set.ts');
        return await runChangeSet(applyCallOptions(connection, checked), checkedSteps, checked);
      }),
    async *writeMany(job) {
      const { writeMany } = await import('../bulk/write-many.ts');
      yield* guardIterable(() => writeMany(connection, rules.assertJob(job)));
    },
    uploadFile: (upload) =>
      guardAsync(async () => {
        const checked = rules.assertUpload(upload);
        if ('noteId' in checked) {
          const { uploadToNote } = await import('../files/upload.ts');
          return await uploadToNote(connection, checked);
        }
        const { uploadToColumn } = await import('../files/file-column.ts');
        return await uploadToColumn(connection, checked, 'record.upload-file');
      }),
    downloadFile: (from, options) =>
      guardAsync(async () => {
        const { signal } = assertOptions(options, rules.signalRule);
        if (typeof from !== 'object') {
          const id = assertText(from, 'The id of the note');
          const { downloadFromNote } = await import('../files/download.ts');
          return await downloadFromNote(connection, id, signal);
        }
        const address = rules.assertFileColumn(from);
        const { downloadFromColumn } = await import('../files/file-column.ts');
        return await downloadFromColumn(connection, address, { operation: 'record.download-file', signal });
      }),
  };
}

function pollMethods(connection: Connection): Pick<UntypedMethods, 'poll' | 'sample'> {
  const { definition } = connection;
  const trigger = (id: string) => {
    assertText(id, 'The id of a trigger', 'OPERATION_UNKNOWN');
    return requireOperation('trigger', definition.triggers, id, definition.actions);
  };
  return {
    poll: (id, params = {}, checkpoint, options) =>
      guardAsync(async () => {
        const found = trigger(id);
        const [plain, checked] = [rules.plainCheckpoint(checkpoint), rules.assertPollOptions(options)];
        const { runPoll } = await import('../feed/run-poll.ts');
        return await runPoll(connection, found, params, plain, checked);
      }),
    sample: (id, maxItems = 3, params = {}) =>
      guardAsync(async () => {
        const [found, count] = [trigger(id), assertCount(maxItems, 'maxItems')];
        const { runSample } = await import('../feed/run-poll.ts');
        return await runSample(connection, found, params, count);
      }),
  };
}

function queryMethods(
  connection: Connection,
): Pick<Client, 'checkQuery' | 'query' | 'metadata' | 'tableSchema'> {
  const { definition, queryChecker } = connection;
  const { source } = queryChecker;
  return {
    checkQuery: (query) => guardAsync(() => queryChecker.check(rules.assertQuery(query))),
    async *query(query, options) {
      const { queryRows } = await import('../run/query-rows.ts');
      yield* guardIterable(() =>
        queryRows(connection, rules.assertQuery(query), assertOptions(options, rules.queryRule)),
      );
    },
    metadata: {
      origin: source.origin,
      listTables: () => guardAsync(() => source.listTables()),
      getTable: (name) => guardAsync(() => source.getTable(assertText(name, 'The name of the table'))),
      getOperations: () => guardAsync(() => source.getOperations()),
      revalidate: () => guardAsync(() => hasChanged(source)),
    },
    tableSchema: (tableName, purpose = 'create') =>
      guardAsync(async () => {
        assertText(tableName, 'The name of the table');
        // A form shows the columns that the organization has now.
        await hasChanged(source);
        const { logicalName } = await resolveTable(definition, source, tableName);
        const table = await source.getTable(logicalName);
        if (table === undefined) return undefined;
        const { buildTableSchema } = await import('../metadata/build-table-schema.ts');
        return buildTableSchema(table, rules.assertPurpose(purpose));
      }),
  };
}
