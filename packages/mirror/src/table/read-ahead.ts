import type { PollPage, RowReader } from 'dynamics365-connector/host';

/**
 * A reader that requests the page after the one that it returns: the organization answers while the caller writes. It keeps
 * one page at most, and returns it only for its link. For reads between which nothing else is written: a page that waits
 * would be older than the target.
 */
export function readAhead(reader: RowReader): RowReader {
  let ahead: { readonly link: string; readonly page: Promise<PollPage> } | undefined;
  const keepNext = async (reading: Promise<PollPage>, request: (link: string) => Promise<PollPage>) => {
    ahead = undefined;
    const page = await reading;
    const { nextLink: link } = page;
    ahead = link === undefined ? undefined : { link, page: request(link) };
    // Who asks for the page receives its error.
    ahead?.page.catch(() => {});
    return page;
  };
  const next = (link: string, request: (link: string) => Promise<PollPage>) =>
    keepNext(ahead?.link === link ? ahead.page : request(link), request);
  const { next: getNext, follow } = reader;
  return {
    ...reader,
    read: (query) => keepNext(reader.read(query), getNext),
    next: (link) => next(link, getNext),
    trackChanges: (query) => keepNext(reader.trackChanges(query), follow),
    follow: (link) => next(link, follow),
  };
}
