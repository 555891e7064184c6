import { ConnectorError } from 'dynamics365-connector';
import type { McpServer } from './mcp-sdk.ts';

/** Tools on one page of `tools/list`: with full schemas, about 200 KB. */
const pageSize = 50;

/** A tool as `tools/list` returns it. */
export interface ListedTool {
  readonly name: string;
  readonly [member: string]: unknown;
}

/**
 * Returns a long list of tools page by page; clients ask for the next page with the cursor. A short list stays as it is.
 * https://modelcontextprotocol.io/specification/draft/server/utilities/pagination
 */
export function pageTools(server: McpServer, tools: readonly ListedTool[]): void {
  if (tools.length <= pageSize) return;
  server.server.setRequestHandler('tools/list', ({ params }) => {
    const start = parseCursor(params?.cursor);
    const end = start + pageSize;
    const page = { tools: tools.slice(start, end) };
    return (end < tools.length ? { ...page, nextCursor: String(end) } : page) as never;
  });
}

function parseCursor(cursor: unknown): number {
  if (cursor === undefined) return 0;
  if (typeof cursor === 'string' && /^\d{1,6}$/.test(cursor)) return Number(cursor);
  throw new ConnectorError('INPUT_INVALID', 'The cursor is not one that tools/list returned.');
}
