import { ConnectorError } from '../errors/connector-error.ts';
import { ownValue } from '../model/own-value.ts';
import { applyCallOptions, sharedOptionHeaders } from '../run/apply-call-options.ts';
import { assertIterable, assertObject } from '../run/assert-object.ts';
import type { Connection } from '../run/connection.ts';
import { type ConnectionWithTable, isMetadataTable, loadTable } from '../run/metadata-table.ts';
import { type Chunk, chunkRows } from './chunk-rows.ts';
import { type JobProgress, loadJobProgress, saveJobProgress } from './job-progress.ts';
import { type FailedMessage, sendBulkMessage } from './send-bulk-message.ts';
import { sendInBatches } from './send-in-batches.ts';
import { sendOneByOne } from './send-one-by-one.ts';
import { createThroughput, minRows, type Throughput } from './throughput.ts';
import type { WriteContext } from './write-context.ts';
import type { RowReport, WriteJob, WriteRoute } from './write-job.ts';
import { createChunkEncoder, type RejectedRow, type WriteTarget } from './write-target.ts';

const verbs: readonly string[] = ['create', 'update', 'upsert', 'delete'];
/** Jobs up to this number of rows are sent row by row: a batch or message is not worth its overhead. */
const maxSingleRows = 3;

/**
 * Writes many rows with several requests at a time. Yields a report for each row in order; requests are sent only as
 * the reports are read. An error of one row is in its report. An error of the whole job (a missing privilege, a lost
 * connection) is thrown, and the same job with the same key continues from there.
 *
 * @param findTable the table of the rows: by default, one of ours has our names of its columns
 * @throws INPUT_INVALID for an unknown table or verb
 */
export async function* writeMany(
  baseConnection: Connection,
  job: WriteJob,
  findTable: FindTable = findJobTable,
): AsyncGenerator<RowReport> {
  const { rows, options = {} } = assertObject('job', job);
  checkJob(job);
  const called = applyCallOptions(baseConnection, assertObject('options', options));
  const { connection, table } = await findTable(called, job.table);
  const operation = `${isMetadataTable(table) ? 'record' : table.name}.${job.verb}-many`;
  const context: WriteContext = { connection, job, table, operation, headers: sharedOptionHeaders(options) };
  const toTargets = createChunkEncoder(connection, job, table);
  const sending: Sending = { route: job.route, throughput: createThroughput(job) };
  let progress = await loadJobProgress(connection, job);
  const reportProgress = ({ written, failed }: JobProgress) => job.onProgress?.({ written, failed });
  if (progress.nextRow > 0) reportProgress(progress);
  const sendNext = async (chunk: Chunk) =>
    await sendChunk(context, sending, { chunk, targets: await toTargets(chunk) });
  const { size, concurrency } = sending.throughput;
  const chunks = chunkRows(assertIterable('rows', rows), size, progress.nextRow);
  for await (const reports of mapInOrder(chunks, sendNext, concurrency)) {
    progress = advanceProgress(progress, reports);
    await saveJobProgress(connection, job, progress);
    reportProgress(progress);
    yield* reports;
  }
}

/** How a job sends its rows; it changes as the job learns what the organization takes. */
interface Sending {
  /** Set once, if the table turns out not to support the bulk message. */
  route: WriteRoute | undefined;
  readonly throughput: Throughput;
}

function advanceProgress(progress: JobProgress, reports: readonly RowReport[]): JobProgress {
  const failed = reports.filter(({ error }) => error !== undefined).length;
  return {
    nextRow: progress.nextRow + reports.length,
    written: progress.written + reports.length - failed,
    failed: progress.failed + failed,
  };
}

function checkJob({ verb, matchOn }: WriteJob): void {
  if (!verbs.includes(verb)) {
    throw new ConnectorError('INPUT_INVALID', `The "verb" of a job must be one of: ${verbs.join(', ')}.`);
  }
  if (verb === 'upsert' || matchOn === undefined) return;
  const message =
    '"matchOn" applies to the verb "upsert"; an update or delete identifies each row by its "id".';
  throw new ConnectorError('INPUT_INVALID', message);
}

type FindTable = (connection: Connection, name: string) => Promise<ConnectionWithTable>;

/** Our table, or any table of the organization. */
async function findJobTable(connection: Connection, name: string): Promise<ConnectionWithTable> {
  const table = ownValue(connection.definition.tables, name);
  return table === undefined ? await loadTable(connection, name) : { connection, table };
}

/** Maps items with up to `maxConcurrent` calls of `work` at a time; yields the results in the order of the items. */
async function* mapInOrder<In, Out>(
  source: AsyncIterable<In>,
  work: (item: In) => Promise<Out>,
  maxConcurrent: () => number,
): AsyncGenerator<Out> {
  const pending: Promise<Out>[] = [];
  for await (const item of source) {
    const promise = work(item);
    // It is awaited in its turn; until then a rejection must not count as unhandled.
    promise.catch(() => {});
    pending.push(promise);
    const [first] = pending;
    if (first === undefined) continue;
    while (pending.length >= maxConcurrent()) {
      const next = pending.shift();
      if (next !== undefined) yield await next;
    }
  }
  for (const promise of pending) yield await promise;
}

async function sendChunk(
  context: WriteContext,
  sending: Sending,
  { chunk, targets }: { chunk: Chunk; targets: readonly (WriteTarget | RejectedRow)[] },
): Promise<readonly RowReport[]> {
  const valid = targets.filter((target): target is WriteTarget => 'key' in target);
  const rejected = targets.filter((target): target is RejectedRow => 'error' in target);
  const isSmallJob = chunk.last && chunk.start === 0 && valid.length <= maxSingleRows;
  const route = sending.route ?? (isSmallJob ? 'single' : 'message');
  const reports = valid.length === 0 ? [] : await sendTargets(context, sending, { route, valid });
  return [...reports, ...rejected].sort((a, b) => a.index - b.index);
}

interface RoutedTargets {
  readonly route: WriteRoute;
  readonly valid: readonly WriteTarget[];
}

/** Sends rows by a route, and by the next one where the organization refuses it: message, batch, one by one. */
async function sendTargets(
  context: WriteContext,
  sending: Sending,
  { route, valid }: RoutedTargets,
): Promise<readonly RowReport[]> {
  if (route === 'single') return await sendOneByOne(context, valid);
  if (route === 'message') return await sendByMessage(context, sending, valid);
  try {
    return await sendInBatches(context, valid);
  } catch (error) {
    const isRefused =
      error instanceof ConnectorError && [400, 404, 413, 501].includes(error.details.status ?? 0);
    if (!isRefused) throw error;
    return await sendOneByOne(context, valid);
  }
}

/** A message that is too large is sent again in two halves; rows of any other message that fails go by batch. */
async function sendByMessage(
  context: WriteContext,
  sending: Sending,
  valid: readonly WriteTarget[],
): Promise<readonly RowReport[]> {
  const { clock } = context.connection.services;
  const startMs = clock.now();
  const outcome = await sendBulkMessage(context, valid);
  if (typeof outcome !== 'string') {
    sending.throughput.succeeded(valid.length, clock.now() - startMs);
    return outcome;
  }
  learnFromFailure(sending, outcome, valid.length);
  if (outcome !== 'too-large' || valid.length <= minRows)
    return await sendTargets(context, sending, { route: 'batch', valid });
  const middle = Math.ceil(valid.length / 2);
  const first = await sendByMessage(context, sending, valid.slice(0, middle));
  return [...first, ...(await sendByMessage(context, sending, valid.slice(middle)))];
}

function learnFromFailure(sending: Sending, outcome: FailedMessage, rows: number): void {
  const { throughput } = sending;
  if (outcome === 'unsupported') sending.route ??= 'batch';
  if (outcome === 'deadlock') throughput.deadlocked();
  if (outcome === 'too-large') throughput.tooLarge(rows);
  if (outcome === 'rejected') throughput.refused(rows);
}
