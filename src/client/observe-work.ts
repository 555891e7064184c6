import { ConnectorError } from '../errors/connector-error.ts';
import {
  type RequestWork,
  serverAddressOf,
  type Telemetry,
  type Work,
  type WorkOutcome,
} from '../model/telemetry.ts';
import { assertFunction, copyObject, hasMethods } from '../validation/assert-options.ts';

/** The work of one call of a client. */
export function workOf(origin: string, operation: string, kind: 'action' | 'poll' = 'action'): Work {
  return { kind, operation, server: serverAddressOf(new URL(origin)) };
}

/** Runs work as one span. `count`: how many rows, items or bytes its result has. */
export async function observeWork<T>(
  telemetry: Telemetry | undefined,
  work: Work,
  body: () => Promise<T>,
  count: (result: T) => number | undefined = () => undefined,
): Promise<T> {
  assertFunction(body, 'The work');
  assertFunction(count, 'The count of the work');
  if (telemetry === undefined) return await body();
  const span = assertTelemetry(telemetry).start(copyObject(work, 'The description of the work'));
  try {
    const result = await span.run(body);
    span.end({ count: count(result) });
    return result;
  } catch (error) {
    span.end(toOutcome(error));
    throw error;
  }
}

/** Iterates as one span, from the first step to the last; `count` is the number of steps. */
export async function* observeSteps<T>(
  telemetry: Telemetry,
  work: Work,
  open: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const span = telemetry.start(work);
  const iterator = span.run(() => open()[Symbol.asyncIterator]());
  let count = 0;
  let outcome: WorkOutcome = {};
  try {
    for (;;) {
      const step = await span.run(() => iterator.next());
      if (step.done === true) return;
      count += 1;
      yield step.value;
    }
  } catch (error) {
    outcome = toOutcome(error);
    throw error;
  } finally {
    // The caller may have left the loop.
    await span.run(() => iterator.return?.());
    span.end({ ...outcome, count });
  }
}

/** Answers a request as one span, in the trace whose `traceparent` the caller sends. */
export async function observeRequest<Answer extends { readonly status: number }>(
  telemetry: Telemetry | undefined,
  request: Pick<RequestWork, 'method' | 'route'> & {
    readonly header: (name: string) => string | null | undefined;
  },
  answer: () => Promise<Answer>,
): Promise<Answer> {
  assertFunction(answer, 'What answers the request');
  if (telemetry === undefined) return await answer();
  const { method, route, header } = copyObject(request, 'The request');
  assertFunction(header, '"header" of the request');
  const names = ['traceparent', 'tracestate'];
  const headers = Object.fromEntries(names.map((name) => [name, header(name) ?? '']));
  const span = assertTelemetry(telemetry).start({ kind: 'request', method, route, headers });
  try {
    const answered = await span.run(answer);
    const { status } = answered;
    span.end(status < 500 ? { status } : { status, error: String(status) });
    return answered;
  } catch (error) {
    span.end(toOutcome(error));
    throw error;
  }
}

function assertTelemetry(telemetry: Telemetry): Telemetry {
  if (hasMethods(telemetry, 'start')) return telemetry;
  throw new ConnectorError('INPUT_INVALID', 'The telemetry must be what openTelemetry returns.');
}

/** An error without its message, which can contain values. */
export function toOutcome(error: unknown): WorkOutcome {
  if (!ConnectorError.is(error)) return { error: error instanceof Error ? error.name : 'UNEXPECTED' };
  const { status, serverCode, serviceRequestId } = error.details;
  return { error: error.code, status, serverCode, serviceRequestId };
}
