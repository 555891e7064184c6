import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiResponse, BodyReceiver } from '../http/api-request.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { type ODataPage, readODataPage } from '../odata/read-page.ts';
import { RowCutter } from '../odata/row-cutter.ts';

/** Some rows of a page, in the names of Dataverse. The last group of a page has its end. */
export interface WireRowGroup {
  readonly rows: readonly JsonObject[];
  readonly end?: { readonly response: ApiResponse; readonly page: ODataPage };
}

/** Sends the request of a page with this receiver and signal. Throws the error of a failed response. */
export type SendPage = (receiver: BodyReceiver, signal: AbortSignal) => Promise<ApiResponse>;

/** How one page is read. */
export interface PageStreamOptions {
  /** The primary key of the rows. */
  readonly key: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads the rows of a page while its body arrives: in groups, in the names of Dataverse. If the body breaks, the policies
 * send the request again, and rows that were read already are left out by their key. The connection is closed when the
 * caller stops early.
 */
export async function* streamRows(
  send: SendPage,
  { key, signal }: PageStreamOptions,
): AsyncGenerator<WireRowGroup> {
  const stop = new AbortController();
  const body = new ArrivingBody();
  const sending = send(body, signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]));
  sending.then(
    () => body.end(),
    () => body.end(),
  );
  try {
    const rows = new UnreadRows(key);
    let cutter = new RowCutter();
    for (let part = await body.next(); part !== undefined; part = await body.next()) {
      if (part === restart) {
        cutter = new RowCutter();
        rows.restart();
      } else {
        const group = rows.take(cutter.push(part));
        if (group.length > 0) yield { rows: group };
      }
    }
    const response = await sending;
    const page = readODataPage(body.hasStarted ? readEnd(cutter) : response.body);
    yield { rows: rows.take(page.rows), end: { response, page } };
  } finally {
    stop.abort(readIsOver);
  }
}

// With a reason, `abort` does not create a DOMException with a stack for every page.
const readIsOver = 'the read is over';

function readEnd(cutter: RowCutter): Json | undefined {
  try {
    return cutter.end();
  } catch {
    throw new ConnectorError('RESPONSE_NOT_JSON', 'The body of the list is not complete JSON.');
  }
}

const restart = Symbol('restart');

/** The parts of a body that wait for their reader. */
class ArrivingBody implements BodyReceiver {
  hasStarted = false;
  #parts: (Uint8Array | typeof restart)[] = [];
  #isComplete = false;
  #wake = () => {};

  start(): void {
    this.#parts = this.hasStarted ? [restart] : [];
    this.hasStarted = true;
  }

  push(part: Uint8Array): void {
    this.#parts.push(part);
    this.#wake();
  }

  end(): void {
    this.#isComplete = true;
    this.#wake();
  }

  /** Undefined at the end of the body, also if it broke. */
  async next(): Promise<Uint8Array | typeof restart | undefined> {
    while (this.#parts.length === 0) {
      if (this.#isComplete) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#parts.shift();
  }
}

/** Leaves out the rows that were read before the body broke. */
class UnreadRows {
  readonly #key: string;
  readonly #read = new Set<Json>();
  #hasRowWithoutKey = false;
  #readBefore: ReadonlySet<Json> = new Set();

  constructor(key: string) {
    this.#key = key;
  }

  restart(): void {
    if (this.#hasRowWithoutKey)
      throw new ConnectorError('NETWORK', 'The connection broke inside of a page whose rows have no key.');
    this.#readBefore = new Set(this.#read);
  }

  take(rows: readonly JsonObject[]): readonly JsonObject[] {
    const before = this.#readBefore;
    const unread = before.size === 0 ? rows : rows.filter((row) => !before.has(row[this.#key] ?? null));
    for (const row of unread) {
      const id = row[this.#key];
      if (id === undefined) this.#hasRowWithoutKey = true;
      else this.#read.add(id);
    }
    return unread;
  }
}
