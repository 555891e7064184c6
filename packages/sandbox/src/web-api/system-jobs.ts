import type { ColumnValues } from '../store/types.ts';
import type { WebApiContext } from './types.ts';

/** `operationtype` of system jobs. */
export const operationTypes = {
  systemEvent: 1,
  publishDuplicateRule: 7,
  detectDuplicates: 8,
  bulkDelete: 13,
} as const;

/** A system job before it starts. */
export interface NewJob {
  /** Default: the id of a new row. */
  readonly id?: string;
  readonly name: string;
  readonly operationType: number;
  readonly message: string;
  /** Logical name of the table that it is about. */
  readonly table?: string;
  /** The step that it executes. */
  readonly stepId?: string;
  /** It starts at this time; default: at once. */
  readonly startMs?: number;
  /** RFC 5545 recurrence rule. */
  readonly recurrence?: string;
  /** What its execution needs, as JSON. */
  readonly data: unknown;
}

/** Inserts a system job in the transaction of the request, so that it starts only if the request succeeds. */
export function insertJob(context: WebApiContext, job: NewJob): string {
  const { org, actor, events } = context;
  const waits = job.startMs !== undefined && job.startMs > org.now();
  const start = job.startMs === undefined ? null : new Date(job.startMs).toISOString();
  const values: ColumnValues = {
    ...(job.id === undefined ? {} : { asyncoperationid: job.id }),
    name: job.name,
    operationtype: job.operationType,
    messagename: job.message,
    primaryentitytype: job.table ?? null,
    owningextensionid:
      job.stepId === undefined ? null : { table: 'sdkmessageprocessingstep', id: job.stepId },
    correlationid: events.correlationId,
    requestid: events.requestId,
    depth: 1,
    retrycount: 0,
    postponeuntil: waits ? start : null,
    recurrencepattern: job.recurrence ?? null,
    recurrencestarttime: job.recurrence === undefined ? null : start,
    data: JSON.stringify(job.data),
    ...(waits ? { statecode: 1, statuscode: 10 } : { statecode: 0, statuscode: 0 }),
  };
  const { id } = org.systemStore.insert('asyncoperation', values, actor);
  org.notifyJobs();
  return id;
}
