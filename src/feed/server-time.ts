import type { PollPage, RowReader } from './row-reader-port.ts';

/** A reader that remembers the organization's time of its latest response. */
export interface TimedReader extends RowReader {
  /** In milliseconds; 0 before the first response. */
  readonly serverTimeMs: () => number;
}

export function withServerTime(reader: RowReader): TimedReader {
  let latestMs = 0;
  const remember = async (reading: Promise<PollPage>): Promise<PollPage> => {
    const page = await reading;
    latestMs = Math.max(latestMs, page.serverTimeMs);
    return page;
  };
  return {
    read: (query, take) => remember(reader.read(query, take)),
    find: (id) => remember(reader.find(id)),
    next: (link, take) => remember(reader.next(link, take)),
    trackChanges: (query) => remember(reader.trackChanges(query)),
    follow: (link) => remember(reader.follow(link)),
    countRows: () => reader.countRows(),
    serverTimeMs: () => latestMs,
  };
}
