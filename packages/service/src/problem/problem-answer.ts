import type { JsonObject, Log, RunResult } from 'dynamics365-connector';
import { type Problem, toProblem } from './problem.ts';

/** An answer whose body is JSON as text. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer of an action. */
export function resultAnswer({ output, meta }: RunResult): JsonAnswer {
  return { status: 200, body: JSON.stringify(resultBody({ output, meta })), headers: jsonHeaders };
}

/** An action without an output answers null. */
function resultBody({ output, meta }: RunResult): JsonObject {
  return { output: output ?? null, meta: { ...meta } as unknown as JsonObject };
}

/** The answer that tells of an error. */
export function toAnswer(error: unknown, requestId: string): JsonAnswer {
  const problem = toProblem(error);
  return { status: problem.status, body: problemBody(problem, requestId), headers: headersOf(problem) };
}

/** A problem as it is sent and stored. */
function problemBody(problem: Problem, requestId: string): string {
  return JSON.stringify({ ...problem, instance: `urn:uuid:${requestId}` });
}

/** Tells the log about an error that is a mistake of the service. Its answer does not say what it is. */
export function logUnexpected(log: Log, error: unknown, requestId: string): void {
  if (toProblem(error).code !== 'UNEXPECTED') return;
  const reason = error instanceof Error ? error.message : String(error);
  log({ level: 'error', event: 'service.unexpected', fields: { requestId, reason } });
}

const jsonHeaders = { 'content-type': 'application/json' };

function headersOf({ status, retryAfterMs }: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (typeof retryAfterMs === 'number') headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="d365"';
  return headers;
}
