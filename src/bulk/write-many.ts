import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import { ownValue } from '../model/own-value.ts';
import type { Table } from '../model/table.ts';
import { applyCallOptions, sharedOptionHeaders } from '../run/apply-call-options.ts';
import { assertIterable, assertObject } from '../run/assert-object.ts';
import type { Connection } from '../run/connection.ts';
import { type Chunk, chunkRows } from './chunk-rows.ts';
import { type JobProgress, loadJobProgress, saveJobProgress } from './job-progress.ts';
import { sendBulkMessage } from './send-bulk-message.ts';
import { sendInBatches } from './send-in-batches.ts';
import { sendOneByOne } from './send-one-by-one.ts';
import type { WriteContext } from './write-context.ts';
import type { RowReport, WriteJob, WriteRoute } from './write-job.ts';
import { createTargetEncoder, type RejectedRow, type WriteTarget } from './write-target.ts';

/** Rows per bulk message. Larger messages take long, and one invalid row makes the whole message fail. */
const chunkSize = 500;
const verbs: readonly string[] = ['create', 'update', 'upsert'];
/** Jobs up to this number of rows are sent row by row: a batch or message is not worth its overhead. */
const maxSingleRows = 3;

/**
 * Writes many rows with several requests at a time. Yields a report for each row in order; requests are sent only as
 * the reports are read. An error of one row is in its report. An error of the whole job (a missing privilege, a lost
 * connection) is thrown, and the same job with the same key continues from there.
 *
 * @throws INPUT_INVALID for an unknown table or verb
 */
export async function* writeMany(baseConnection: Connection, job: WriteJob): AsyncGenerator<RowReport> {
  const { rows, options = {} } = assertObject('job', job);
  const connection = applyCallOptions(baseConnection, assertObject('options', options));
  const table = requireJobTable(connection, job);
  const operation = `${table.name}.${job.verb}-many`;
  const context: WriteContext = { connection, job, table, operation, headers: sharedOptionHeaders(options) };
  const toTarget = createTargetEncoder(connection, job, table);
  const choice: RouteChoice = { route: job.route };
  let progress = await loadJobProgress(connection, job);
  const reportProgress = ({ written, failed }: JobProgress) => job.onProgress?.({ written, failed });
  if (progress.nextRow > 0) reportProgress(progress);
  const sendNext = (chunk: Chunk) =>
    sendChunk(context, choice, {
      chunk,
      targets: chunk.rows.map((row, at) => toTarget(row, chunk.start + at)),
    });
  for await (const reports of mapInOrder(
    chunkRows(assertIterable('rows', rows), chunkSize, progress.nextRow),
    sendNext,
    job.concurrency ?? 4,
  )) {
    progress = advanceProgress(progress, reports);
    await saveJobProgress(connection, job, progress);
    reportProgress(progress);
    yield* reports;
  }
}

/** The route of the job; set once, if the table turns out not to support the bulk message. */
interface RouteChoice {
  route: WriteRoute | undefined;
}

function advanceProgress(progress: JobProgress, reports: readonly RowReport[]): JobProgress {
  const failed = reports.filter(({ error }) => error !== undefined).length;
  return {
    nextRow: progress.nextRow + reports.length,
    written: progress.written + reports.length - failed,
    failed: progress.failed + failed,
  };
}

function requireJobTable({ definition }: Connection, { table, verb, matchOn }: WriteJob): Table {
  const tableDefinition = ownValue(definition.tables, table);
  if (tableDefinition === undefined) {
    const suggestions = suggest(table, Object.keys(definition.tables));
    throw new ConnectorError('INPUT_INVALID', `There is no table "${table}".`, { suggestions });
  }
  if (!verbs.includes(verb)) {
    throw new ConnectorError('INPUT_INVALID', `The "verb" of a job must be one of: ${verbs.join(', ')}.`);
  }
  if (verb !== 'upsert' && matchOn !== undefined) {
    throw new ConnectorError(
      'INPUT_INVALID',
      '"matchOn" applies to the verb "upsert"; an update identifies each row by its "id".',
    );
  }
  return tableDefinition;
}

/** Maps items with up to `maxConcurrent` calls of `work` at a time; yields the results in the order of the items. */
async function* mapInOrder<In, Out>(
  source: AsyncIterable<In>,
  work: (item: In) => Promise<Out>,
  maxConcurrent: number,
): AsyncGenerator<Out> {
  const pending: Promise<Out>[] = [];
  for await (const item of source) {
    const promise = work(item);
    // It is awaited in its turn; until then a rejection must not count as unhandled.
    promise.catch(() => {});
    pending.push(promise);
    const [first] = pending;
    if (first === undefined || pending.length < maxConcurrent) continue;
    pending.shift();
    yield await first;
  }
  for (const promise of pending) yield await promise;
}

async function sendChunk(
  context: WriteContext,
  choice: RouteChoice,
  { chunk, targets }: { chunk: Chunk; targets: readonly (WriteTarget | RejectedRow)[] },
): Promise<readonly RowReport[]> {
  const valid = targets.filter((target): target is WriteTarget => 'key' in target);
  const rejected = targets.filter((target): target is RejectedRow => 'error' in target);
  const reports = valid.length === 0 ? [] : await sendTargets(context, choice, { chunk, valid });
  return [...reports, ...rejected].sort((a, b) => a.index - b.index);
}

async function sendTargets(
  context: WriteContext,
  choice: RouteChoice,
  { chunk, valid }: { chunk: Chunk; valid: readonly WriteTarget[] },
): Promise<readonly RowReport[]> {
  const isSmallJob = chunk.last && chunk.start === 0 && valid.length <= maxSingleRows;
  const route = choice.route ?? (isSmallJob ? 'single' : 'message');
  if (route === 'single') return await sendOneByOne(context, valid);
  if (route === 'message') {
    const outcome = await sendBulkMessage(context, valid);
    if (typeof outcome !== 'string') return outcome;
    if (outcome === 'unsupported') choice.route ??= 'batch';
  }
  return await sendInBatches(context, valid);
}
