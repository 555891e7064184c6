import type { PollPage, RowReader } from 'dynamics365-connector/host';

/**
 * A reader that requests the page after the one that it returns: the organization answers while the caller writes. It keeps
 * one page at most, and returns it only for its link.
 */
export function readAhead(reader: RowReader): RowReader {
  let ahead: { readonly link: string; readonly page: Promise<PollPage> } | undefined;
  const returnPage = (page: PollPage): PollPage => {
    const { nextLink: link } = page;
    ahead = link === undefined ? undefined : { link, page: reader.next(link) };
    // Who asks for the page receives its error.
    ahead?.page.catch(() => {});
    return page;
  };
  return {
    ...reader,
    async read(query, take) {
      ahead = undefined;
      return returnPage(await reader.read(query, take));
    },
    async next(link) {
      const found = ahead?.link === link ? ahead.page : undefined;
      ahead = undefined;
      return returnPage(await (found ?? reader.next(link)));
    },
  };
}
