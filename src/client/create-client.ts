import { toLogFields } from '../errors/to-log-fields.ts';
import { type RuntimeServices, silentLog } from '../model/runtime-services.ts';
import type { Connection } from '../run/connection.ts';
import type { RowList } from '../run/list-rows.ts';
import { type Client, createClientMethods } from './client.ts';
import { observeSteps, observeWork, workOf } from './observe-work.ts';

/**
 * The client of a connection. It tells the log about calls that fail, and `telemetry` about each call (of `run`,
 * `runOperation` tells it). Where nobody listens, its methods are called directly.
 */
export function createClient(connection: Connection): Client {
  const client = createClientMethods(connection);
  const { services, origin } = connection;
  if (services.telemetry === undefined && services.log === silentLog) return client;
  const call = callObserver(services, origin);
  const steps = stepObserver(services, origin);
  return {
    ...client,
    check: (options) => call('connection.check', () => client.check(options)),
    run: (id, ...rest) => logFailure(services, id, () => client.run(id, ...rest)),
    list: (id, ...rest) => observeList(steps, id, client.list(id, ...rest)),
    writeMany: (job) => steps('record.write-many', () => client.writeMany(job)),
    uploadFile: (upload) => call('file.upload', () => client.uploadFile(upload), Number),
    downloadFile: (from, options) => call('file.download', () => client.downloadFile(from, options)),
    changeSet: (given, options) =>
      call(
        'changeset',
        () => client.changeSet(given, options),
        ({ length }) => length,
      ),
    query: (query, options) => steps('query', () => client.query(query, options)),
    poll: (id, ...rest) =>
      call(
        id,
        () => client.poll(id, ...rest),
        ({ items }) => items.length,
        'poll',
      ),
    sample: (id, ...rest) =>
      call(
        id,
        () => client.sample(id, ...rest),
        ({ length }) => length,
      ),
  };
}

function callObserver(services: RuntimeServices, origin: string) {
  return <T>(
    id: unknown,
    body: () => Promise<T>,
    count?: (result: T) => number,
    kind?: 'action' | 'poll',
  ): Promise<T> => {
    const operation = typeof id === 'string' ? id : '';
    const work = workOf(origin, operation, kind);
    return logFailure(services, operation, () => observeWork(services.telemetry, work, body, count));
  };
}

function stepObserver({ telemetry, log }: RuntimeServices, origin: string) {
  return async function* observed<T>(operation: string, open: () => AsyncIterable<T>): AsyncGenerator<T> {
    try {
      if (telemetry === undefined) yield* open();
      else yield* observeSteps(telemetry, workOf(origin, operation), open);
    } catch (error) {
      logError(log, operation, error);
      throw error;
    }
  };
}

function observeList<Row>(
  steps: ReturnType<typeof stepObserver>,
  id: string,
  rows: RowList<Row>,
): RowList<Row> {
  return {
    pages: () => steps(id, () => rows.pages()),
    [Symbol.asyncIterator]: () => steps(id, () => rows),
  };
}

async function logFailure<T>(
  { log }: RuntimeServices,
  operation: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    logError(log, operation, error);
    throw error;
  }
}

function logError(log: RuntimeServices['log'], operation: string, error: unknown): void {
  log({ level: 'error', event: 'operation.failed', fields: { operation, ...toLogFields(error) } });
}
