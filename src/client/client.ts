import type { WhoAmI } from '../auth/who-am-i.ts';
import type { RowReport, WriteJob } from '../bulk/write-job.ts';
import { writeMany } from '../bulk/write-many.ts';
import type { ChangeSetStep } from '../changeset/plan-steps.ts';
import { runChangeSet } from '../changeset/run-change-set.ts';
import { downloadFromNote, type FileDownload } from '../files/download.ts';
import { type FileUpload, uploadToNote } from '../files/upload.ts';
import { buildTableSchema, type SchemaPurpose } from '../metadata/build-table-schema.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { Json, JsonObject, JsonSchema } from '../model/json.ts';
import type { Checkpoint, PollItem, PollResult, RequestPlan, RunResult } from '../model/plan.ts';
import { type PollOptions, runPoll, runSample } from '../poll/run-poll.ts';
import type { QueryReport, QueryRequest } from '../query/query-request.ts';
import { resolveTable } from '../query/resolve-table.ts';
import { applyCallOptions } from '../run/apply-call-options.ts';
import { assertObject } from '../run/assert-object.ts';
import { checkClient } from '../run/check-client.ts';
import { checkInput } from '../run/check-input.ts';
import type { Connection } from '../run/connection.ts';
import { requireOperation } from '../run/find-operation.ts';
import { listRows, type RowList } from '../run/list-rows.ts';
import { type QueryOptions, queryRows } from '../run/query-rows.ts';
import { planForConnection, type RunOptions } from '../run/send-plan.ts';
import { requireRequestAction, runOperation } from './run-operation.ts';

/** What a host holds: one connection, ready to work. Every method rejects with a ConnectorError only. */
export interface Client {
  /**
   * Tries the connection with WhoAmI. When it does not work, the error says which of the usual reasons it is, who
   * can mend it, and, where a name seems mistyped, which organization may be meant.
   */
  check(options?: { readonly signal?: AbortSignal }): Promise<WhoAmI>;
  /**
   * Runs an action. A list answers up to its limit and says in `meta.hasMore` that it was cut.
   * Input problems are thrown before anything is sent, all at once (INPUT_INVALID).
   */
  run(action: string, input?: JsonObject, options?: RunOptions): Promise<RunResult>;
  /**
   * Writes many rows of one table: the engine chooses single calls, `$batch` or the bulk message. Reports each row in
   * order; nothing is sent unless the reports are read. A job with a `key` goes on where it stopped.
   */
  writeMany(job: WriteJob): AsyncIterable<RowReport>;
  /** Streams a file of any size into a note (`note.create` makes one); answers its size in bytes. */
  uploadFile(upload: FileUpload): Promise<number>;
  /** Opens the file of a note; its content is read block by block while it is iterated. */
  downloadFile(noteId: string, options?: { readonly signal?: AbortSignal }): Promise<FileDownload>;
  /**
   * Runs actions that write in one change set, in order: all are done, or none. `{ from: 'customer' }` in the input of
   * a step stands for the row that the earlier step of that name writes. Answers their outputs; the error of the one
   * that failed is thrown, and says which it was.
   */
  changeSet(steps: readonly ChangeSetStep[], options?: RunOptions): Promise<readonly Json[]>;
  /** The rows of a list action over all its pages, without a cap of ours. */
  list(action: string, input?: JsonObject, options?: RunOptions): RowList;
  /**
   * Checks a query, FetchXML or body against the organization's own tables before anything of it is sent: what is
   * wrong, where, and the corrected text.
   */
  checkQuery(query: QueryRequest): Promise<QueryReport>;
  /**
   * Pages of rows as Dataverse sends them, for a query in OData's words or FetchXML. It is checked first: QUERY_INVALID
   * carries the diagnostics.
   */
  query(query: QueryRequest, options?: QueryOptions): AsyncIterable<readonly JsonObject[]>;
  /** The organization's tables: how each is found, and one of them with all its columns. */
  readonly metadata: MetadataSource;
  /**
   * JSON Schema of a table as this organization takes it, custom columns included: for forms and AI tools. Undefined
   * when there is no such table (any of its names will do).
   */
  tableSchema(table: string, purpose?: SchemaPurpose): Promise<JsonSchema | undefined>;
  /** The request that `run` would make, without network. */
  explain(action: string, input?: JsonObject): RequestPlan;
  /**
   * What a trigger has to report since `checkpoint`. Deliver the items first, then keep the new checkpoint:
   * nothing is lost, and `item.id` shows what was seen before. Without a checkpoint the place is marked now.
   */
  poll(
    trigger: string,
    params?: JsonObject,
    checkpoint?: Checkpoint,
    options?: PollOptions,
  ): Promise<PollResult>;
  /** The newest rows that a trigger could report, at most `most`: what its items look like. Moves no checkpoint. */
  sample(trigger: string, most?: number, params?: JsonObject): Promise<readonly PollItem[]>;
}

/** The client of a connection. */
export function createClient(connection: Connection): Client {
  const { definition, validator, services } = connection;
  const action = (id: string) => requireOperation('action', definition.actions, id, definition.triggers);
  const assertOptions = <T extends object>(options: T) => assertObject('options', options);
  const trigger = (id: string) => requireOperation('trigger', definition.triggers, id, definition.actions);
  return {
    check: ({ signal } = {}) => checkClient(connection, signal),
    async run(id, input = {}, options = {}) {
      return await runOperation(connection, action(id), input, assertOptions(options));
    },
    uploadFile: (upload) => uploadToNote(connection, upload),
    downloadFile: (noteId, { signal } = {}) => downloadFromNote(connection, noteId, signal),
    async changeSet(steps, options = {}) {
      return await runChangeSet(applyCallOptions(connection, assertOptions(options)), steps, options);
    },
    writeMany: (job) => writeMany(connection, job),
    list(id, input = {}, options = {}) {
      return listRows(connection, requireRequestAction(action(id)), input, assertOptions(options));
    },
    checkQuery: (query) => connection.queryChecker.check(query),
    query: (query, options) => queryRows(connection, query, options),
    metadata: connection.queryChecker.source,
    async tableSchema(tableName, purpose = 'create') {
      const { logicalName } = await resolveTable(definition, connection.queryChecker.source, tableName);
      const table = await connection.queryChecker.source.getTable(logicalName);
      return table && buildTableSchema(table, purpose);
    },
    explain(id, input = {}) {
      const requestAction = requireRequestAction(action(id));
      return planForConnection(connection, requestAction, checkInput(validator, requestAction, input), {
        newId: services.uuid(),
      });
    },
    async poll(id, params = {}, checkpoint, options) {
      return await runPoll(connection, trigger(id), params, checkpoint, options);
    },
    async sample(id, maxItems = 3, params = {}) {
      return await runSample(connection, trigger(id), params, maxItems);
    },
  };
}
