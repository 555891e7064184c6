import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import { stream } from 'hono/streaming';
import { ServiceError, toProblem } from '../problem/problem.ts';
import { parseBody } from '../request-body.ts';
import type { ServiceContext } from '../request-context.ts';

/** JSON Lines: one JSON object in each line. https://jsonlines.org */
export const linesType = 'application/x-ndjson';

export function wantsLines(context: ServiceContext): boolean {
  return context.req.header('accept')?.includes(linesType) === true;
}

const minChunkLength = 65_536;

/**
 * Answers with one JSON object in each line. The first is read before the status is sent, so that an error before it is a
 * problem; a later one is the last line, `{ "problem": ... }`. A slow reader slows the reading down.
 */
export async function writeLines(context: ServiceContext, items: AsyncIterable<object>): Promise<Response> {
  const iterator = items[Symbol.asyncIterator]();
  let next = await iterator.next();
  context.header('content-type', linesType);
  return stream(context, async (output) => {
    let chunk = '';
    try {
      while (!next.done && !output.aborted) {
        chunk += `${JSON.stringify(next.value)}\n`;
        if (chunk.length >= minChunkLength) {
          await output.write(chunk);
          chunk = '';
        }
        next = await iterator.next();
      }
    } catch (error) {
      chunk += `${JSON.stringify({ problem: toProblem(error) })}\n`;
    }
    await output.write(chunk);
    if (output.aborted) await iterator.return?.();
  });
}

/** Longest line of a request, in characters. */
const maxLineLength = 16 * 1024 * 1024;

/** The objects of a body of JSON Lines, read as they arrive. Empty lines are skipped. */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<JsonObject> {
  let number = 0;
  for await (const text of splitLines(body)) {
    number += 1;
    if (text.trim() === '') continue;
    yield parseLine(text, number);
  }
}

function parseLine(text: string, number: number): JsonObject {
  try {
    return parseBody(text);
  } catch {
    throw new ConnectorError('INPUT_INVALID', `Line ${number} is not a JSON object.`);
  }
}

async function* splitLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // The parts of a line that has not ended, so that a long line is copied once.
  let parts: string[] = [];
  let length = 0;
  for await (const bytes of body) {
    const [first = '', ...others] = decode(decoder, bytes).split('\n');
    parts.push(first);
    length += first.length;
    if (length > maxLineLength) throw new ServiceError('BODY_TOO_LARGE', 'A line is longer than 16 MB.');
    for (const next of others) {
      yield parts.join('');
      parts = [next];
      length = next.length;
    }
  }
  yield parts.join('');
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes, { stream: true });
  } catch {
    throw new ServiceError('BODY_INVALID', 'The body is not UTF-8.');
  }
}
