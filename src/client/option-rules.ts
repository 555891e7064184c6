import type { WriteJob } from '../bulk/write-job.ts';
import type { ChangeSetStep } from '../changeset/plan-steps.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import type { FeedWake, Retention } from '../feed/feed.ts';
import type { PollOptions } from '../feed/run-poll.ts';
import type { ColumnUpload, FileColumnAddress, FileUpload, NoteUpload } from '../files/upload.ts';
import type { LimitSettings } from '../http/rate-limit/service-limits.ts';
import type { SchemaPurpose } from '../metadata/build-table-schema.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Checkpoint } from '../model/plan.ts';
import type { QueryRequest } from '../query/query-request.ts';
import { callOptionSchemas } from '../run/call-option-schemas.ts';
import type { CallOptions } from '../run/call-options.ts';
import type { QueryOptions } from '../run/query-rows.ts';
import type { RunOptions } from '../run/run-options.ts';

import {
  assertOptions,
  assertText,
  copyObject,
  hasMethods,
  type OptionsRule,
  type OptionType,
} from '../validation/assert-options.ts';

/** The options of each method of a client; the compiler reports an option that is missing here. */
export const signalRule: OptionsRule<{ readonly signal?: AbortSignal }> = {
  of: 'this call',
  types: { signal: 'signal' },
};

const typeOfSchema: Readonly<Record<string, OptionType>> = { string: 'text', boolean: 'flag', array: 'any' };

export const runRule: OptionsRule<RunOptions> = {
  of: 'run',
  types: {
    signal: 'signal',
    idempotencyKey: 'text',
    onRows: 'function',
    pageSize: 'count',
    ...callOptionTypes(),
  },
};

/** The options of a call have one list: their schemas. */
function callOptionTypes(): Readonly<Record<keyof CallOptions, OptionType>> {
  const types = Object.entries(callOptionSchemas).map(([name, { type }]) => [
    name,
    typeOfSchema[type] ?? 'any',
  ]);
  return Object.fromEntries(types);
}

const pollRule: OptionsRule<PollOptions> = {
  of: 'poll',
  types: {
    signal: 'signal',
    from: 'text',
    ignoreChangesBy: 'text',
    overlapMs: 'count',
    retention: 'any',
    wake: 'any',
    maxRowItems: 'count',
    resume: 'flag',
  },
};

const retentionRule: OptionsRule<Partial<Retention>> = {
  of: 'retention',
  types: { maxAgeMs: 'count', maxEntries: 'count' },
};

const wakeRule: OptionsRule<FeedWake> = { of: 'wake', types: { deletedIds: 'any' } };

/** Checks the options of a poll. */
export function assertPollOptions(options: PollOptions | undefined): PollOptions {
  const { retention, wake, ...checked } = assertOptions(options, pollRule);
  return omitUndefined({
    ...checked,
    retention: retention && omitUndefined(assertOptions(retention, retentionRule)),
    wake: wake && assertOptions(wake, wakeRule),
  });
}

export const queryRule: OptionsRule<QueryOptions> = {
  of: 'query',
  types: { signal: 'signal', pageSize: 'count' },
};

const writeJobRule: OptionsRule<WriteJob> = {
  of: 'writeMany',
  types: {
    table: 'text',
    verb: 'text',
    rows: 'any',
    matchOn: 'any',
    key: 'text',
    route: 'text',
    concurrency: 'count',
    onProgress: 'function',
    options: 'any',
    signal: 'signal',
  },
};

const fileColumn = { table: 'text', id: 'text', column: 'text' } as const;

const uploadRule: OptionsRule<NoteUpload & ColumnUpload> = {
  of: 'uploadFile',
  types: {
    noteId: 'text',
    ...fileColumn,
    fileName: 'text',
    mimeType: 'text',
    content: 'any',
    signal: 'signal',
  },
};

const fileColumnRule: OptionsRule<FileColumnAddress> = { of: 'downloadFile', types: fileColumn };

/** Checks a file to upload: to a note, or to a column. */
export function assertUpload(upload: FileUpload): NoteUpload | ColumnUpload {
  const checked: Partial<NoteUpload & ColumnUpload> = assertOptions<FileUpload>(upload, uploadRule);
  const { noteId, table, id, column, ...file } = checked;
  if (!hasMethods(file.content, Symbol.iterator) && !hasMethods(file.content, Symbol.asyncIterator)) {
    throw new ConnectorError(
      'INPUT_INVALID',
      '"content" of the file must be a list or an iterable of bytes.',
    );
  }
  if (column === undefined) return { ...file, noteId } as NoteUpload;
  if (noteId === undefined) return { ...file, id, ...assertColumnNames({ table, column }) } as ColumnUpload;
  const message = 'uploadFile takes either "noteId" or "table", "id" and "column".';
  throw new ConnectorError('INPUT_INVALID', message);
}

/** Checks the address of a file column. */
export function assertFileColumn(address: FileColumnAddress): FileColumnAddress {
  const { id, ...names } = assertOptions(address, fileColumnRule);
  return { id, ...assertColumnNames(names) };
}

function assertColumnNames({ table, column }: Partial<FileColumnAddress>) {
  return {
    table: assertText(table, '"table" of the file'),
    column: assertText(column, '"column" of the file'),
  };
}

const queryRequestRule: OptionsRule<QueryRequest> = {
  of: 'the query',
  types: {
    table: 'text',
    filter: 'text',
    select: 'any',
    orderBy: 'any',
    expand: 'any',
    apply: 'text',
    top: 'count',
    fetchXml: 'text',
    body: 'any',
  },
};

const listParts = ['select', 'orderBy', 'expand'] as const;

/** A query whose parts have the types they must have. */
export function assertQuery(query: QueryRequest): QueryRequest {
  const copy = assertOptions(query, queryRequestRule);
  assertText(copy.table, '"table" of the query');
  for (const part of listParts) {
    const value: unknown = copy[part];
    if (value === undefined || isText(value) || isTextList(value)) continue;
    throw new ConnectorError('INPUT_INVALID', `"${part}" of the query must be a text or a list of texts.`);
  }
  if (copy.body === undefined) return copy;
  return { ...copy, body: copyObject(copy.body, '"body" of the query') };
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.isWellFormed();

function isTextList(value: unknown): boolean {
  try {
    return Array.isArray(value) && value.every(isText);
  } catch {
    return false;
  }
}

export function assertPurpose(purpose: SchemaPurpose): SchemaPurpose {
  if (purpose === 'create' || purpose === 'update') return purpose;
  throw new ConnectorError('INPUT_INVALID', 'The purpose of a table schema must be "create" or "update".');
}

const stepTypes = { name: 'text', action: 'text', input: 'any' } as const;

/** A change set whose steps can be read. */
export function assertSteps(steps: readonly ChangeSetStep[]): readonly ChangeSetStep[] {
  if (!hasMethods(steps, Symbol.iterator, 'map')) {
    throw new ConnectorError('INPUT_INVALID', 'The steps of a change set must be a list.');
  }
  return Array.from(steps, (step, index) => {
    const of = `step ${index + 1}`;
    const copy = assertOptions(copyObject(step, `Step ${index + 1}`), { of, types: stepTypes });
    assertText(copy.action, `"action" of ${of}`);
    return copy;
  });
}

/** A job of many rows whose members have the types they must have; its rows are checked as they are read. */
export function assertJob(job: WriteJob): WriteJob {
  const copy = assertOptions(copyObject(job, 'The job of writeMany'), writeJobRule);
  assertText(copy.table, '"table" of the job');
  assertText(copy.verb, '"verb" of the job');
  return { ...copy, rows: readableRows(copy.rows) };
}

async function* readableRows(rows: WriteJob['rows']): AsyncGenerator<JsonObject> {
  let index = 0;
  if (hasMethods(rows, Symbol.asyncIterator)) {
    for await (const row of rows) yield readableRow(row, index++);
  } else if (hasMethods(rows, Symbol.iterator) && typeof rows === 'object') {
    // Not `for await`: it would wait for a row that has a method `then`.
    for (const row of rows as Iterable<JsonObject>) yield readableRow(row, index++);
  } else
    throw new ConnectorError('INPUT_INVALID', '"rows" of the job must be a list or an iterable of rows.');
}

/** The row as it is; what is no object is reported for its row by the engine. */
function readableRow(row: JsonObject, index: number): JsonObject {
  if (typeof row === 'object' && row !== null && !hasMethods(row, 'map')) copyObject(row, `Row ${index}`);
  if (hasMethods(row, 'then')) throw new ConnectorError('INPUT_INVALID', `Row ${index} is not plain data.`);
  return row;
}

/** A checkpoint as plain JSON; whether it is one of ours is checked by the poll. CHECKPOINT_INVALID. */
export function plainCheckpoint(checkpoint: Checkpoint | undefined): Checkpoint | undefined {
  if (checkpoint === undefined) return undefined;
  let plain: unknown;
  try {
    plain = JSON.parse(JSON.stringify(checkpoint) ?? 'null');
  } catch {
    // Told below.
  }
  if (isJsonObject(plain)) return plain as unknown as Checkpoint;
  throw new ConnectorError('CHECKPOINT_INVALID', 'The checkpoint cannot be read.');
}

const limitsRule: OptionsRule<LimitSettings> = {
  of: 'the limits',
  types: { maxRequests: 'count', maxExecutionMs: 'count', maxConcurrentRequests: 'count' },
  code: 'SETTING_INVALID',
};

/** Service protection limits: whole numbers above 0. */
export function assertLimits(limits: LimitSettings | undefined): LimitSettings | undefined {
  return limits === undefined ? undefined : assertOptions(limits, limitsRule);
}
