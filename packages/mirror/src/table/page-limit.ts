import { ConnectorError } from 'dynamics365-connector';
import type { RowReader } from 'dynamics365-connector/host';

/** The largest page of rows with all columns. It becomes smaller when a response is too large to be read. */
export class PageLimit {
  #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Whether smaller pages can help against this error; they are used from now on. */
  reduce(error: unknown): boolean {
    if (!(error instanceof ConnectorError) || error.code !== 'RESPONSE_TOO_LARGE' || this.#rows === 1)
      return false;
    this.#rows = Math.max(1, Math.floor(this.#rows / 4));
    return true;
  }
}

/** A reader that never asks for larger pages. */
export function withPageLimit(reader: RowReader, limit: PageLimit): RowReader {
  return {
    ...reader,
    read: (query, take) => reader.read({ ...query, pageSize: Math.min(query.pageSize, limit.rows) }, take),
  };
}

/** Does the work again, with smaller pages, while a response is too large. */
export async function untilPagesFit<T>(limit: PageLimit, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!limit.reduce(error)) throw error;
    }
  }
}
