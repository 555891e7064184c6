import type { MetadataColumn } from '../../model/metadata.ts';
import type { Span } from '../../model/span.ts';
import type { QueryDiagnostic } from '../check/query-diagnostic.ts';
import type { MetadataSchema, TableIndex } from '../check/table-index.ts';
import { escapeXml } from './escape-xml.ts';
import type { XmlAttribute } from './read-xml.ts';

/** What the walk over one FetchXML carries along. */
export interface FetchXmlCheckContext {
  readonly schema: MetadataSchema;
  readonly diagnostics: QueryDiagnostic[];
  /** Tables by alias: conditions may name another one with `entityname`. */
  readonly aliases: Map<string, TableIndex | undefined>;
}

/** Notes a fault; `text` is what to write in its place. */
export function reportFetchXml(
  { diagnostics }: Pick<FetchXmlCheckContext, 'diagnostics'>,
  { start, end }: Span,
  {
    text,
    ...rest
  }: Pick<QueryDiagnostic, 'code' | 'message' | 'fix'> & {
    readonly severity?: 'warning';
    readonly text?: string | undefined;
  },
): void {
  const edit = text === undefined ? {} : { edit: { start, end, text: escapeXml(text) } };
  diagnostics.push({ severity: 'error', ...rest, start, end, ...edit });
}

/** The column of an attribute's value: FetchXML knows lookups by their logical name. */
export function checkFetchXmlColumn(
  context: FetchXmlCheckContext,
  name: XmlAttribute | undefined,
  table: TableIndex | undefined,
): MetadataColumn | undefined {
  if (name === undefined || table === undefined) return undefined;
  const found = table.columnByLogicalName(name.value);
  if (found !== undefined) return found;
  if (isVirtualColumn(name.value, table)) return undefined;
  const [best, ...others] = table.similarColumns(name.value);
  const near = [best, ...others.slice(0, 2)].flatMap((column) => column?.name ?? []);
  const code = table.columnByWireName(name.value) === undefined ? 'Q110' : 'Q112';
  const message =
    code === 'Q112'
      ? `FetchXML names a lookup without its underscores: ${best?.name}.`
      : `The table ${table.table.name} has no column “${name.value}”.`;
  reportFetchXml(context, name, {
    code,
    message,
    ...(best && { fix: `Did you mean ${near.join(' or ')}?` }),
    text: best?.name,
  });
  return undefined;
}

/** FetchXML also knows the text beside a lookup or choice: `customeridname`, `prioritycodename`, `owneridtype`. */
function isVirtualColumn(name: string, table: TableIndex): boolean {
  const [, base] = /^(.+?)(?:yominame|name|type)$/.exec(name) ?? [];
  const type = base === undefined ? undefined : table.columnByLogicalName(base)?.type;
  return type !== undefined && ['lookup', 'choice', 'choices', 'boolean'].includes(type);
}
