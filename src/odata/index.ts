/**
 * Parsers and writers for the Dataverse Web API: queries, batches, FetchXML and ETags.
 * `import { ... } from 'dynamics365-connector/odata'`
 */

export { isGuid } from '../model/guid.ts';
export { isValidDate, isValidDateTime } from '../model/is-valid-date.ts';
export { principalTables } from '../model/principals.ts';
export type { BatchItem, BatchRequest, BatchResponse } from './batch/batch-types.ts';
export { composeBatchRequest, composeBatchResponse } from './batch/compose-batch.ts';
export { parseBatchRequest, parseBatchResponse } from './batch/parse-batch.ts';
export { type FetchElement, readConditionValues } from './fetchxml/condition-values.ts';
export { escapeXml } from './fetchxml/escape-xml.ts';
export { isSemiJoin, isTrue, sourceName } from './fetchxml/fetchxml-document.ts';
export type { FetchXmlIssue, FetchXmlRule } from './fetchxml/fetchxml-issue.ts';
export { type FetchXmlColumnType, fetchXmlOperators } from './fetchxml/fetchxml-operators.ts';
export { type FetchXmlReading, readFetchXml } from './fetchxml/read-fetchxml.ts';
export { readXml } from './fetchxml/read-xml.ts';
export { maxBatchRequests, maxExpands, maxLinkEntities, maxPageSize, maxUrlLength } from './limits.ts';
export type {
  AggregateItem,
  ApplyStep,
  Comparison,
  ComparisonOperator,
  ExpandItem,
  Filter,
  Lambda,
  Literal,
  LogicalExpression,
  Operand,
  OrderItem,
  ParameterAliases,
  ParseResult,
  PropertyPath,
  QueryFunction,
  TextMatch,
} from './query/ast.ts';
export { parseApply } from './query/parse-apply.ts';
export { parseOrderBy, parseSelect } from './query/parse-columns.ts';
export { parseExpand } from './query/parse-expand.ts';
export { parseFilter } from './query/parse-filter.ts';
export { parseQueryString } from './query/parse-query-string.ts';
export { crmNamespace } from './query/query-functions.ts';
export { quoteString, unquoteString } from './quote-string.ts';
export {
  etagMember,
  fetchXmlCookieAnnotation,
  formatEtag,
  formattedValueAnnotation,
  lookupTableAnnotation,
  moreRecordsAnnotation,
  omitEtag,
  parseEtagVersion,
  readEtag,
  readFormattedValue,
} from './row-annotations.ts';
export { toLogicalName, toWireName } from './wire-name.ts';
