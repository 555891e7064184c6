import type { HttpBody } from '../../model/http.ts';

/** Above this number of unread bytes, the connection stops reading. */
const maxUnreadBytes = 256 * 1024;

/** What controls the connection that a body arrives on. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** Closes the connection, because nobody reads the rest of the body. */
  cancel(): void;
}

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A body as it arrives. The connection pauses while the reader is slow. An error of the connection is thrown to the
 * reader after the bytes that arrived before it.
 */
export class ResponseBody implements AsyncIterableIterator<Uint8Array, undefined>, HttpBody {
  readonly #source: BodySource;
  #chunks: Uint8Array[] = [];
  #unreadBytes = 0;
  #isPaused = false;
  #end: 'complete' | Error | undefined;
  #reader: Reader | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  push(chunk: Uint8Array): void {
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ value: chunk, done: false });
      return;
    }
    this.#chunks.push(chunk);
    this.#unreadBytes += chunk.byteLength;
    if (this.#unreadBytes < maxUnreadBytes || this.#isPaused) return;
    this.#isPaused = true;
    this.#source.pause();
  }

  /** No more bytes follow, because the body is complete or its connection has failed. */
  end(error?: Error): void {
    this.#end ??= error ?? 'complete';
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) return;
    if (error === undefined) reader.resolve({ value: undefined, done: true });
    else reader.reject(error);
  }

  takeArrived(): readonly Uint8Array[] | undefined {
    if (this.#end !== 'complete') return undefined;
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#unreadBytes -= chunk.byteLength;
      if (this.#isPaused && this.#chunks.length === 0) this.#resume();
      return { value: chunk, done: false };
    }
    if (this.#end === 'complete') return { value: undefined, done: true };
    if (this.#end !== undefined) throw this.#end;
    return await new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#chunks = [];
    if (this.#end === undefined) {
      this.#end = 'complete';
      this.#source.cancel();
    }
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #resume(): void {
    this.#isPaused = false;
    this.#source.resume();
  }
}
