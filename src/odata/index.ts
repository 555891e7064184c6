/**
 * The language of the Dataverse Web API: queries, batches, FetchXML and ETags, parsed and written.
 * `import { ... } from 'dynamics365-connector/odata'`
 */
export { composeBatchRequest, composeBatchResponse } from './batch/compose.ts';
export { parseBatchRequest, parseBatchResponse } from './batch/parse.ts';
export type { BatchItem, BatchRequest, BatchResponse } from './batch/types.ts';
export { isRealDate, isRealDateTime } from './calendar.ts';
export { readXml, type XmlElement } from './fetch/read-xml.ts';
export { parseApply } from './query/apply.ts';
export type {
  AggregateItem,
  Aliases,
  ApplyStep,
  CompareOperator,
  Comparison,
  ExpandItem,
  Filter,
  Lambda,
  Literal,
  Logical,
  Operand,
  OrderItem,
  Parsed,
  Path,
  QueryFunction,
  TextMatch,
} from './query/ast.ts';
export { parseOrderBy, parseSelect } from './query/columns.ts';
export { parseExpand } from './query/expand.ts';
export { parseFilter } from './query/filter.ts';
export { parseQueryString } from './query/query-string.ts';
export { etagOfVersion, versionOfEtag } from './row.ts';
