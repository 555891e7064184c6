import {
  ConnectorError,
  type JsonObject,
  type RowReport,
  type WriteJob,
  type WriteProgress,
} from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { ServiceError } from '../problem/problem.ts';
import {
  ownerOf,
  requireConnectionName,
  requireScope,
  type ServiceContext,
  type ServiceEnv,
} from '../request-context.ts';
import type { ServiceParts } from '../service-parts.ts';
import { readLines, writeLines } from './json-lines.ts';

const verbs = ['create', 'update', 'upsert', 'delete'] as const;

/** A running bulk request. */
interface RunningJob {
  readonly owner: string;
  progress: WriteProgress;
  isDone: boolean;
  /** Called when the progress changes. */
  readonly listeners: Set<() => void>;
}

/**
 * `POST /v1/connections/{connection}/bulk/{table}/{verb}`: rows come as JSON Lines and reports go back as JSON Lines on the
 * same request, while rows still arrive. `GET /v1/jobs/{id}/progress`: its progress as server-sent events.
 */
export function createBulkRoutes(parts: ServiceParts): Hono<ServiceEnv> {
  const jobs = new Map<string, RunningJob>();
  return new Hono<ServiceEnv>()
    .post('/connections/:connection/bulk/:table/:verb', (context) => writeRows(parts, jobs, context))
    .get('/jobs/:job/progress', (context) => streamProgress(jobs, context));
}

async function writeRows(
  { clients }: ServiceParts,
  jobs: Map<string, RunningJob>,
  context: ServiceContext,
): Promise<Response> {
  const verb = verbs.find((name) => name === context.req.param('verb'));
  if (verb === undefined)
    throw new ConnectorError('INPUT_INVALID', `The verb of a bulk request is one of ${verbs.join(', ')}.`);
  requireScope(context, verb === 'delete' ? 'actions:destructive' : 'actions:write');
  const connection = requireConnectionName(context);
  const { client } = await clients.open(connection);
  const { body, signal } = context.req.raw;
  const owner = ownerOf(context, connection);
  const key = context.req.header('idempotency-key');
  const id = context.get('requestId');
  const job: RunningJob = {
    owner: context.get('apiKey').id,
    progress: none,
    isDone: false,
    listeners: new Set(),
  };
  const settings: WriteJob = omitUndefined({
    table: context.req.param('table') ?? '',
    verb,
    rows: body === null ? [] : readLines(body),
    matchOn: context.req.query('matchOn')?.split(','),
    key: key === undefined ? undefined : `${owner}/${key}`,
    signal,
    onProgress: (progress) => notify(job, progress),
  });
  jobs.set(id, job);
  context.header('job-id', id);
  return await writeLines(
    context,
    reportsOf(client.writeMany(settings), () => finish(jobs, id, job)),
  );
}

const none: WriteProgress = { written: 0, failed: 0 };

/** The reports as they are sent. `onEnd` is called however the job ends. */
async function* reportsOf(reports: AsyncIterable<RowReport>, onEnd: () => void): AsyncGenerator<JsonObject> {
  try {
    for await (const { index, id, error } of reports)
      yield omitUndefined({ index, id, error: error?.toJSON() });
  } finally {
    onEnd();
  }
}

function notify(job: RunningJob, progress: WriteProgress): void {
  job.progress = progress;
  for (const listener of job.listeners) listener();
}

function finish(jobs: Map<string, RunningJob>, id: string, job: RunningJob): void {
  job.isDone = true;
  jobs.delete(id);
  for (const listener of job.listeners) listener();
}

function streamProgress(jobs: ReadonlyMap<string, RunningJob>, context: ServiceContext): Response {
  const job = jobs.get(context.req.param('job') ?? '');
  if (job === undefined || job.owner !== context.get('apiKey').id)
    throw new ServiceError('JOB_UNKNOWN', 'It has ended, or another process runs it.');
  return streamSSE(context, async (output) => {
    while (!output.aborted) {
      const event = job.isDone ? 'done' : 'progress';
      const changed = nextChange(job, output);
      await output.writeSSE({ event, data: JSON.stringify(job.progress) });
      if (event === 'done') return;
      await changed;
    }
  });
}

function nextChange(job: RunningJob, output: { onAbort(listener: () => void): void }): Promise<void> {
  return new Promise((resolve) => {
    const listener = () => {
      job.listeners.delete(listener);
      resolve();
    };
    job.listeners.add(listener);
    output.onAbort(listener);
    if (job.isDone) listener();
  });
}
