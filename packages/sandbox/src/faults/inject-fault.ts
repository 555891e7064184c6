import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from 'dynamics365-connector';
import type { FaultEffect } from './fault.ts';

/** Processes a request and sends the response. `commitDelayMs`: what it writes becomes visible this much later. */
export type DelayableHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  commitDelayMs?: number,
) => Promise<void>;

/** A fault and what is needed to apply it. */
export interface FaultInjection {
  readonly fault: FaultEffect;
  readonly clock: Clock;
  readonly handle: DelayableHandler;
  /** Sends the response of a `status` fault in the format of this listener. */
  readonly sendStatusFault: (
    fault: Extract<FaultEffect, { kind: 'status' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ) => void;
}

const signInPage =
  '<!doctype html><html><head><title>Sign in to your account</title></head><body>Please sign in.</body></html>';

/** Serves one request with a fault. */
export async function injectFault(
  { fault, clock, handle, sendStatusFault }: FaultInjection,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (fault.kind) {
    case 'delay':
      await clock.sleep(fault.ms);
      return handle(request, response);
    case 'late-commit':
      return handle(request, response, fault.ms);
    case 'status':
      return sendStatusFault(fault, request, response);
    case 'html':
      response.writeHead(fault.status ?? 200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(signInPage);
      return;
    case 'reset-before':
      request.socket.resetAndDestroy();
      return;
    case 'no-response':
      request.resume();
      return;
    default:
      return sendFaultyResponse(fault, clock, {
        socket: request.socket,
        responseBytes: await captureResponse(request, handle),
      });
  }
}

type ResponseFault = Extract<FaultEffect, { kind: 'reset' | 'stall' | 'truncate' | 'trickle' }>;

async function sendFaultyResponse(
  fault: ResponseFault,
  clock: Clock,
  { socket, responseBytes }: { socket: Socket; responseBytes: Buffer },
): Promise<void> {
  switch (fault.kind) {
    case 'reset':
      await writeToSocket(socket, responseBytes.subarray(0, fault.atByte));
      socket.resetAndDestroy();
      return;
    case 'stall':
      await writeToSocket(socket, responseBytes.subarray(0, fault.atByte));
      return;
    case 'truncate': {
      const head = responseBytes.indexOf('\r\n\r\n') + 4;
      await writeToSocket(socket, responseBytes.subarray(0, head + fault.bodyBytes));
      socket.end();
      return;
    }
    case 'trickle': {
      const chunkSize = Math.max(1, Math.ceil(fault.bytesPerSecond / 10));
      for (let offset = 0; offset < responseBytes.length && !socket.destroyed; offset += chunkSize) {
        await writeToSocket(socket, responseBytes.subarray(offset, offset + chunkSize));
        await clock.sleep((chunkSize / fault.bytesPerSecond) * 1000);
      }
      socket.end();
    }
  }
}

/** Processes the request and returns the bytes of the response as they would be sent. */
async function captureResponse(request: IncomingMessage, handle: DelayableHandler): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const memorySocket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const response = new ServerResponse(request);
  response.assignSocket(memorySocket as Socket);
  const finished = new Promise((resolve) => response.once('finish', resolve));
  await handle(request, response);
  await finished;
  return Buffer.concat(chunks);
}

/** Resolves when the bytes are sent or the connection is closed. */
function writeToSocket(socket: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}
