import type { MetadataColumn } from '../../model/metadata.ts';
import type { QueryFault } from '../check/fault.ts';
import type { Schema, TableIndex } from '../check/table-index.ts';
import type { Span } from '../query/ast.ts';
import type { XmlAttribute } from './read-xml.ts';

/** What the walk over one FetchXML carries along. */
export interface FetchChecking {
  readonly schema: Schema;
  readonly faults: QueryFault[];
  /** Tables by alias: conditions may name another one with `entityname`. */
  readonly aliases: Map<string, TableIndex | undefined>;
}

/** Notes a fault; `text` is what to write in its place. */
export function fault(
  { faults }: Pick<FetchChecking, 'faults'>,
  { start, end }: Span,
  {
    text,
    ...said
  }: Pick<QueryFault, 'code' | 'message' | 'fix'> & {
    readonly severity?: 'warning';
    readonly text?: string | undefined;
  },
): void {
  const edit = text === undefined ? {} : { edit: { start, end, text: escapeXml(text) } };
  faults.push({ severity: 'error', ...said, start, end, ...edit });
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** The column of an attribute's value: FetchXML knows lookups by their logical name. */
export function checkColumn(
  checking: FetchChecking,
  name: XmlAttribute | undefined,
  table: TableIndex | undefined,
): MetadataColumn | undefined {
  if (name === undefined || table === undefined) return undefined;
  const found = table.attribute(name.value);
  if (found !== undefined) return found;
  if (isMirror(name.value, table)) return undefined;
  const [best, ...others] = table.columnsLike(name.value);
  const near = [best, ...others.slice(0, 2)].flatMap((column) => column?.name ?? []);
  const code = table.column(name.value) === undefined ? 'Q110' : 'Q112';
  const message =
    code === 'Q112'
      ? `FetchXML names a lookup without its underscores: ${best?.name}.`
      : `The table ${table.table.name} has no column “${name.value}”.`;
  fault(checking, name, {
    code,
    message,
    ...(best && { fix: `Did you mean ${near.join(' or ')}?` }),
    text: best?.name,
  });
  return undefined;
}

/** FetchXML also knows the text beside a lookup or choice: `customeridname`, `prioritycodename`, `owneridtype`. */
function isMirror(name: string, table: TableIndex): boolean {
  const [, base] = /^(.+?)(?:yominame|name|type)$/.exec(name) ?? [];
  const type = base === undefined ? undefined : table.attribute(base)?.type;
  return type !== undefined && ['lookup', 'choice', 'choices', 'boolean'].includes(type);
}
