import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
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

/** Rows in one message: larger ones take long, and one bad row spoils all of them. */
const chunkSize = 500;
const verbs: readonly string[] = ['create', 'update', 'upsert'];
/** Up to here a batch or message is not worth its overhead. */
const maxSingleRows = 3;

/**
 * Writes many rows, several requests at a time, and reports each row in order as it is read off; nothing is sent that
 * nobody waits for. What concerns one row stands in its report; what concerns all (no right, no line) is thrown, and
 * the same job with the same key goes on from there.
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

/** The route that the job takes; changes once, when a table turns out to lack the bulk message. */
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
  const tableDefinition = Object.hasOwn(definition.tables, table) ? definition.tables[table]! : undefined;
  if (tableDefinition === undefined) {
    const suggestions = suggest(table, Object.keys(definition.tables));
    throw new ConnectorError('INPUT_INVALID', `There is no table "${table}".`, { suggestions });
  }
  if (!verbs.includes(verb)) {
    throw new ConnectorError('INPUT_INVALID', `The verb of many rows is one of: ${verbs.join(', ')}.`);
  }
  if (verb !== 'upsert' && matchOn !== undefined) {
    throw new ConnectorError(
      'INPUT_INVALID',
      '"matchOn" is for an upsert; other rows are found by their id.',
    );
  }
  return tableDefinition;
}

/** Up to `most` at work at a time; what comes first is given first. */
async function* mapInOrder<In, Out>(
  source: AsyncIterable<In>,
  work: (item: In) => Promise<Out>,
  maxConcurrent: number,
): AsyncGenerator<Out> {
  const pending: Promise<Out>[] = [];
  for await (const item of source) {
    const promise = work(item);
    // It is waited for in its turn; until then a failure is nobody's surprise.
    promise.catch(() => {});
    pending.push(promise);
    if (pending.length >= maxConcurrent) yield await pending.shift()!;
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
  const reports = valid.length === 0 ? [] : await sendTargets(context, choice, { chunk, fit: valid });
  return [...reports, ...rejected].sort((a, b) => a.index - b.index);
}

async function sendTargets(
  context: WriteContext,
  choice: RouteChoice,
  { chunk, fit }: { chunk: Chunk; fit: readonly WriteTarget[] },
): Promise<readonly RowReport[]> {
  const isSmallJob = chunk.last && chunk.start === 0 && fit.length <= maxSingleRows;
  const route = choice.route ?? (isSmallJob ? 'single' : 'message');
  if (route === 'single') return await sendOneByOne(context, fit);
  if (route === 'message') {
    const outcome = await sendBulkMessage(context, fit);
    if (typeof outcome !== 'string') return outcome;
    if (outcome === 'unknown') choice.route ??= 'batch';
  }
  return await sendInBatches(context, fit);
}
