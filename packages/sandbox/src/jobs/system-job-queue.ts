import { isJsonObject } from 'dynamics365-connector/base';
import { formatDateTime } from '../store/date-time.ts';
import { columnEquals, numberLiteral } from '../store/query/filter-nodes.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';
import type { JobQueue } from './job-runner.ts';
import { nextOccurrence } from './recurrence.ts';

/** The end of a system job. */
export type JobResult =
  | { readonly kind: 'succeeded' }
  /** The job starts again at this time. */
  | { readonly kind: 'postponed'; readonly untilMs: number };

/** Executes a system job. `data` is what the job was created with. */
export type JobHandler = (job: StoredRow, data: unknown) => Promise<JobResult> | JobResult;

/** A reason why a system job fails. Other errors are defects of the sandbox. */
interface JobError {
  /** For example `0x80050201`. */
  readonly code: string;
  readonly message: string;
}

/** What the queue of system jobs needs. */
export interface SystemJobQueueOptions {
  readonly store: OrganizationStore;
  readonly now: () => number;
  /** A number in [0, 1): Dataverse does not start jobs in the order of their creation. */
  readonly random: () => number;
  /** Handlers by `operationtype`. Jobs of other types stay as they are. */
  readonly handlers: ReadonlyMap<number, JobHandler>;
}

const actor = { userId: '' };

/** The system jobs (`asyncoperation` rows) of an organization, as a queue. */
export function createSystemJobQueue(options: SystemJobQueueOptions): JobQueue {
  return {
    claim() {
      const jobs = findReadyJobs(options);
      const picked = jobs[Math.floor(options.random() * jobs.length)];
      const job = picked && options.store.read('asyncoperation', picked.id);
      if (!job) return undefined;
      startJob(options, job);
      return () => runJob(options, job);
    },
    nextDueMs() {
      const times = findJobs(options, 1).map(({ values }) => Date.parse(String(values.postponeuntil)));
      const known = times.filter((time) => !Number.isNaN(time));
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}

/** Gives jobs that were in progress when the sandbox stopped another start, like a restarted server. */
export function recoverInterruptedJobs(options: SystemJobQueueOptions): void {
  for (const { id } of findJobs(options, 2)) updateJob(options, id, { statecode: 0, statuscode: 0 });
}

function findReadyJobs(options: SystemJobQueueOptions): readonly StoredRow[] {
  const waiting = findJobs(options, 1).filter(
    ({ values }) => Date.parse(String(values.postponeuntil)) <= options.now(),
  );
  return [...findJobs(options, 0), ...waiting];
}

/** Without the data of the jobs, which can be long. */
function findJobs({ store, handlers }: SystemJobQueueOptions, state: number): readonly StoredRow[] {
  if (store.count('asyncoperation') === 0) return [];
  const filter = columnEquals('statecode', numberLiteral(state));
  const { rows } = store.query('asyncoperation', {
    filter,
    select: ['operationtype', 'postponeuntil'],
    actor,
  });
  return rows.filter(({ values }) => handlers.has(Number(values.operationtype)));
}

function startJob(options: SystemJobQueueOptions, { id }: StoredRow): void {
  const startedon = formatDateTime(options.now());
  updateJob(options, id, { statecode: 2, statuscode: 20, startedon });
}

async function runJob(options: SystemJobQueueOptions, job: StoredRow): Promise<void> {
  const handle = options.handlers.get(Number(job.values.operationtype));
  try {
    const result = await handle?.(job, parseData(job));
    if (result?.kind === 'postponed') postpone(options, job, result.untilMs);
    else endJob(options, job, { statuscode: 30 });
  } catch (error) {
    endJob(options, job, { statuscode: 31, ...describeError(error as JobError) });
  }
}

function parseData({ values }: StoredRow): unknown {
  return JSON.parse(String(values.data ?? '{}'));
}

function postpone(options: SystemJobQueueOptions, { id }: StoredRow, untilMs: number): void {
  updateJob(options, id, { statecode: 1, statuscode: 10, postponeuntil: formatDateTime(untilMs) });
}

function describeError({ code, message }: JobError): ColumnValues {
  const text = message.slice(0, 2000);
  return { errorcode: toSignedCode(code ?? '0x80040216'), message: text, friendlymessage: text };
}

/** Error codes are signed 32-bit numbers in columns. */
const toSignedCode = (code: string): number => Number.parseInt(code, 16) | 0;

/** Ends a job. A recurring one waits for its next start, one that was canceled meanwhile stays canceled. */
function endJob(options: SystemJobQueueOptions, job: StoredRow, values: ColumnValues): void {
  const { store, now } = options;
  const current = store.read('asyncoperation', job.id);
  if (!current) return;
  const isCanceling = current.values.statuscode === 22;
  if (isCanceling) {
    updateJob(options, job.id, { statecode: 3, statuscode: 32, completedon: formatDateTime(now()) });
    return;
  }
  const next = nextOccurrence(String(current.values.recurrencepattern ?? ''), {
    startMs: Date.parse(String(current.values.recurrencestarttime)),
    afterMs: now(),
  });
  if (next !== undefined) postpone(options, job, next);
  else if (values.statuscode === 30 && deletesOnSuccess(store, job)) store.delete('asyncoperation', job.id);
  else updateJob(options, job.id, { ...values, statecode: 3, completedon: formatDateTime(now()) });
}

/** Whether the step of a job deletes the jobs that succeed. */
function deletesOnSuccess(
  store: OrganizationStore,
  { values: { owningextensionid: step } }: StoredRow,
): boolean {
  if (!isJsonObject(step)) return false;
  return store.read('sdkmessageprocessingstep', String(step.id))?.values.asyncautodelete === true;
}

function updateJob({ store }: SystemJobQueueOptions, id: string, values: ColumnValues): void {
  const job = store.read('asyncoperation', id);
  // System jobs are changed on behalf of their owner.
  const owner = job?.values.ownerid as { readonly id: string } | null | undefined;
  if (job) store.update({ table: 'asyncoperation', id, values, actor: { userId: owner?.id ?? '' } });
}
