import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from 'dynamics365-connector';
import type { Harm } from './fault.ts';

/** Does the work of a request and answers it. `lateMs`: what it writes becomes visible so much later. */
export type Work = (request: IncomingMessage, response: ServerResponse, lateMs?: number) => Promise<void>;

/** What a fault is done with. */
export interface Injection {
  readonly harm: Harm;
  readonly clock: Clock;
  readonly work: Work;
  /** Answers a `status` fault in the way of this listener. */
  readonly answerStatus: (
    harm: Extract<Harm, { kind: 'status' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ) => void;
}

const SIGN_IN_PAGE =
  '<!doctype html><html><head><title>Sign in to your account</title></head><body>Please sign in.</body></html>';

/** Serves one request with one thing going wrong. */
export async function serveWithHarm(
  { harm, clock, work, answerStatus }: Injection,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (harm.kind) {
    case 'delay':
      await clock.sleep(harm.ms);
      return work(request, response);
    case 'late-commit':
      return work(request, response, harm.ms);
    case 'status':
      return answerStatus(harm, request, response);
    case 'html':
      response.writeHead(harm.status ?? 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(SIGN_IN_PAGE);
      return;
    case 'drop':
      request.socket.resetAndDestroy();
      return;
    case 'silence':
      request.resume();
      return;
    default:
      return harmAnswer(harm, clock, { socket: request.socket, answer: await record(request, work) });
  }
}

type AnswerHarm = Extract<Harm, { kind: 'reset' | 'stall' | 'truncate' | 'trickle' }>;

async function harmAnswer(
  harm: AnswerHarm,
  clock: Clock,
  line: { socket: Socket; answer: Buffer },
): Promise<void> {
  const { socket, answer } = line;
  switch (harm.kind) {
    case 'reset':
      await write(socket, answer.subarray(0, harm.atByte));
      socket.resetAndDestroy();
      return;
    case 'stall':
      await write(socket, answer.subarray(0, harm.atByte));
      return;
    case 'truncate': {
      const head = answer.indexOf('\r\n\r\n') + 4;
      await write(socket, answer.subarray(0, head + harm.bodyBytes));
      socket.end();
      return;
    }
    case 'trickle': {
      const step = Math.max(1, Math.ceil(harm.bytesPerSecond / 10));
      for (let at = 0; at < answer.length && !socket.destroyed; at += step) {
        await write(socket, answer.subarray(at, at + step));
        await clock.sleep((step / harm.bytesPerSecond) * 1000);
      }
      socket.end();
    }
  }
}

/** Does the work with an answer that goes into memory: its bytes as they would have gone over the line. */
async function record(request: IncomingMessage, work: Work): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const memory = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const response = new ServerResponse(request);
  response.assignSocket(memory as Socket);
  const finished = new Promise((resolve) => response.once('finish', resolve));
  await work(request, response);
  await finished;
  return Buffer.concat(chunks);
}

/** Resolves when the bytes have left, or the line is gone. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
