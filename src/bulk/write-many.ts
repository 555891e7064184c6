import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Table } from '../model/table.ts';
import type { Connection } from '../run/connection.ts';
import { givenObject, givenRows } from '../run/given.ts';
import { sharedHeaders, withOptions } from '../run/with-options.ts';
import { type Chunk, cutChunks } from './chunks.ts';
import type { Route, RowReport, WriteJob } from './job.ts';
import { keepPlace, type Place, recallPlace } from './place.ts';
import { sendInBatches } from './send-batch.ts';
import { sendInMessage } from './send-message.ts';
import { sendOneByOne } from './send-one-by-one.ts';
import { type Target, targetMaker, type Unfit } from './target.ts';
import type { Transport } from './transport.ts';

/** Rows in one message: larger ones take long, and one bad row spoils all of them. */
const CHUNK = 500;
const verbs: readonly string[] = ['create', 'update', 'upsert'];
/** Up to here a batch or message is not worth its overhead. */
const FEW = 3;

/**
 * Writes many rows, several requests at a time, and reports each row in order as it is read off; nothing is sent that
 * nobody waits for. What concerns one row stands in its report; what concerns all (no right, no line) is thrown, and
 * the same job with the same key goes on from there.
 */
export async function* writeMany(plain: Connection, job: WriteJob): AsyncGenerator<RowReport> {
  const { rows, options = {} } = givenObject('job', job);
  const connection = withOptions(plain, givenObject('options', options));
  const table = tableOf(connection, job);
  const operation = `${table.name}.${job.verb}-many`;
  const transport: Transport = { connection, job, table, operation, headers: sharedHeaders(options) };
  const toTarget = targetMaker(connection, job, table);
  const choice: Choice = { route: job.route };
  let place = await recallPlace(connection, job);
  const tell = ({ written, failed }: Place) => job.onProgress?.({ written, failed });
  if (place.next > 0) tell(place);
  const sent = (chunk: Chunk) =>
    send(transport, choice, { chunk, targets: chunk.rows.map((row, at) => toTarget(row, chunk.start + at)) });
  for await (const reports of inOrder(
    cutChunks(givenRows('rows', rows), CHUNK, place.next),
    sent,
    job.parallel ?? 4,
  )) {
    place = after(place, reports);
    await keepPlace(connection, job, place);
    tell(place);
    yield* reports;
  }
}

/** The route that the job takes; changes once, when a table turns out to lack the bulk message. */
interface Choice {
  route: Route | undefined;
}

function after(place: Place, reports: readonly RowReport[]): Place {
  const failed = reports.filter(({ error }) => error !== undefined).length;
  return {
    next: place.next + reports.length,
    written: place.written + reports.length - failed,
    failed: place.failed + failed,
  };
}

function tableOf({ definition }: Connection, { table, verb, matchOn }: WriteJob): Table {
  const found = Object.hasOwn(definition.tables, table) ? definition.tables[table]! : undefined;
  if (found === undefined) {
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
  return found;
}

/** Up to `most` at work at a time; what comes first is given first. */
async function* inOrder<In, Out>(
  source: AsyncIterable<In>,
  work: (item: In) => Promise<Out>,
  most: number,
): AsyncGenerator<Out> {
  const under: Promise<Out>[] = [];
  for await (const item of source) {
    const promise = work(item);
    // It is waited for in its turn; until then a failure is nobody's surprise.
    promise.catch(() => {});
    under.push(promise);
    if (under.length >= most) yield await under.shift()!;
  }
  for (const promise of under) yield await promise;
}

async function send(
  transport: Transport,
  choice: Choice,
  { chunk, targets }: { chunk: Chunk; targets: readonly (Target | Unfit)[] },
): Promise<readonly RowReport[]> {
  const fit = targets.filter((target): target is Target => 'key' in target);
  const unfit = targets.filter((target): target is Unfit => 'error' in target);
  const reports = fit.length === 0 ? [] : await sendFit(transport, choice, { chunk, fit });
  return [...reports, ...unfit].sort((a, b) => a.index - b.index);
}

async function sendFit(
  transport: Transport,
  choice: Choice,
  { chunk, fit }: { chunk: Chunk; fit: readonly Target[] },
): Promise<readonly RowReport[]> {
  const isFew = chunk.last && chunk.start === 0 && fit.length <= FEW;
  const route = choice.route ?? (isFew ? 'single' : 'message');
  if (route === 'single') return await sendOneByOne(transport, fit);
  if (route === 'message') {
    const outcome = await sendInMessage(transport, fit);
    if (typeof outcome !== 'string') return outcome;
    if (outcome === 'unknown') choice.route ??= 'batch';
  }
  return await sendInBatches(transport, fit);
}
