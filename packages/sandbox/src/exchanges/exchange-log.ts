import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeMessage, describePath } from './describe-message.ts';
import type { ExchangeCaller, ExchangeMessage, RecordedExchange } from './recorded-exchange.ts';

/** The exchanges that an organization keeps. */
export const maxExchanges = 1000;

/** The last requests to an organization and their responses, the oldest first. Control routes are left out. */
export interface ExchangeLog {
  /**
   * The last 1,000 exchanges, or those after one with a known number. A request is in the list when its response is
   * complete.
   *
   * @example organization.exchanges.list().filter(({ status }) => status === 429)
   */
  list(after?: number): readonly RecordedExchange[];
  /** Removes all exchanges. Numbers continue. */
  clear(): void;
}

/** Collects what is known of one exchange while it is served. */
export interface ExchangeRecorder {
  caller: ExchangeCaller | undefined;
  fault: string | undefined;
  requestBody: Uint8Array | undefined;
  /** Records the response as it was created, whether or not the client gets it. */
  respond(response: ServerResponse, body: string | Uint8Array | undefined): void;
  /** Adds the exchange to the log. `response`: what was sent, when nothing called `respond`. */
  end(response: ServerResponse): void;
}

/** A log that other parts write to. `now`: milliseconds since the epoch. */
export class RecordedExchanges implements ExchangeLog {
  readonly #now: () => number;
  readonly #exchanges = new Map<number, RecordedExchange>();
  #lastNumber = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  list(after = 0): readonly RecordedExchange[] {
    const exchanges = [...this.#exchanges.values()].filter(({ number }) => number > after);
    return exchanges.sort((a, b) => a.number - b.number);
  }
  clear(): void {
    this.#exchanges.clear();
  }

  start(request: IncomingMessage): ExchangeRecorder {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const startedMs = this.#now();
    let sent: { readonly status: number; readonly message: ExchangeMessage } | undefined;
    const recorder: ExchangeRecorder = {
      caller: undefined,
      fault: undefined,
      requestBody: undefined,
      respond(response, body) {
        sent = { status: response.statusCode, message: describeMessage(response.getHeaders(), body) };
      },
      end: (response) => {
        if (!sent && response.headersSent) recorder.respond(response, undefined);
        this.#add({
          number,
          time: new Date(startedMs).toISOString(),
          milliseconds: this.#now() - startedMs,
          method: (request.method ?? '').toUpperCase(),
          path: describePath(request.url ?? ''),
          status: sent?.status,
          caller: recorder.caller,
          fault: recorder.fault,
          request: describeMessage(request.headers, recorder.requestBody),
          response: sent?.message,
        });
      },
    };
    return recorder;
  }

  #add(exchange: RecordedExchange): void {
    this.#exchanges.set(exchange.number, exchange);
    const [oldest] = this.#exchanges.keys();
    if (this.#exchanges.size > maxExchanges && oldest !== undefined) this.#exchanges.delete(oldest);
  }
}
