import { joinWithOr } from '../../errors/join-with-or.ts';
import type { MetadataColumn } from '../../model/metadata.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Span } from '../../model/span.ts';
import type { QueryDiagnostic } from '../check/query-diagnostic.ts';
import type { MetadataSchema, TableIndex } from '../check/table-index.ts';
import { escapeXml } from './escape-xml.ts';
import type { XmlAttribute } from './read-xml.ts';

/** The state of the check of one FetchXML query. */
export interface FetchXmlCheckContext {
  readonly schema: MetadataSchema;
  readonly diagnostics: QueryDiagnostic[];
  /** Tables by alias; `entityname` of a condition refers to them. */
  readonly aliases: Map<string, TableIndex | undefined>;
}

/** Reports a diagnostic. `text` is the replacement for the span. */
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
  const edit = text === undefined ? undefined : { start, end, text: escapeXml(text) };
  diagnostics.push(omitUndefined({ severity: 'error', ...rest, start, end, edit }));
}

/** Finds the column in an attribute's value and reports unknown names. FetchXML uses the logical names of lookups. */
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
      ? `FetchXML uses the logical name of a lookup: ${best?.name}.`
      : `The table ${table.table.name} has no column “${name.value}”.`;
  reportFetchXml(context, name, {
    code,
    message,
    fix: best && `Did you mean ${joinWithOr(near)}?`,
    text: best?.name,
  });
  return undefined;
}

/** Whether a name is a virtual column with the text or type of another one: `customeridname`, `prioritycodename`, `owneridtype`. */
function isVirtualColumn(name: string, table: TableIndex): boolean {
  const [, base] = /^(.+?)(?:yominame|name|type)$/.exec(name) ?? [];
  const type = base === undefined ? undefined : table.columnByLogicalName(base)?.type;
  return type !== undefined && ['lookup', 'choice', 'choices', 'boolean'].includes(type);
}
