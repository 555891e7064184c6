/**
 * Parsers and writers for the Dataverse Web API: queries, batches, FetchXML and ETags.
 * `import { ... } from 'dynamics365-connector/odata'`
 */

import { guardFunctions } from '../errors/guard-functions.ts';
import * as guid from '../model/guid.ts';
import * as isValidDateModule from '../model/is-valid-date.ts';
import * as composeBatch from './batch/compose-batch.ts';
import * as parseBatch from './batch/parse-batch.ts';
import * as conditionValues from './fetchxml/condition-values.ts';
import * as escapeXmlModule from './fetchxml/escape-xml.ts';
import * as fetchxmlDocument from './fetchxml/fetchxml-document.ts';
import * as readFetchxml from './fetchxml/read-fetchxml.ts';
import * as readXmlModule from './fetchxml/read-xml.ts';
import * as parseApplyModule from './query/parse-apply.ts';
import * as parseColumns from './query/parse-columns.ts';
import * as parseExpandModule from './query/parse-expand.ts';
import * as parseFilterModule from './query/parse-filter.ts';
import * as parseQueryStringModule from './query/parse-query-string.ts';
import * as quoteStringModule from './quote-string.ts';
import * as rowAnnotations from './row-annotations.ts';
import * as wireName from './wire-name.ts';

export { principalTables } from '../model/principals.ts';
export type { BatchItem, BatchRequest, BatchResponse } from './batch/batch-types.ts';
export type { FetchElement } from './fetchxml/condition-values.ts';
export type { FetchXmlIssue, FetchXmlRule } from './fetchxml/fetchxml-issue.ts';
export { type FetchXmlColumnType, fetchXmlOperators } from './fetchxml/fetchxml-operators.ts';
export type { FetchXmlReading } from './fetchxml/read-fetchxml.ts';
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
export { crmNamespace } from './query/query-functions.ts';
export {
  etagMember,
  fetchXmlCookieAnnotation,
  formattedValueAnnotation,
  lookupTableAnnotation,
  moreRecordsAnnotation,
} from './row-annotations.ts';

export const { isGuid } = guardFunctions(guid);
export const { isValidDate, isValidDateTime } = guardFunctions(isValidDateModule);
export const { composeBatchRequest, composeBatchResponse } = guardFunctions(composeBatch);
export const { parseBatchRequest, parseBatchResponse } = guardFunctions(parseBatch);
export const { readConditionValues } = guardFunctions(conditionValues);
export const { escapeXml } = guardFunctions(escapeXmlModule);
export const { isSemiJoin, isTrue, sourceName } = guardFunctions(fetchxmlDocument);
export const { readFetchXml } = guardFunctions(readFetchxml);
export const { readXml } = guardFunctions(readXmlModule);
export const { parseApply } = guardFunctions(parseApplyModule);
export const { parseOrderBy, parseSelect } = guardFunctions(parseColumns);
export const { parseExpand } = guardFunctions(parseExpandModule);
export const { parseFilter } = guardFunctions(parseFilterModule);
export const { parseQueryString } = guardFunctions(parseQueryStringModule);
export const { quoteString, unquoteString } = guardFunctions(quoteStringModule);
export const { formatEtag, omitEtag, parseEtagVersion, readEtag, readFormattedValue } =
  guardFunctions(rowAnnotations);
export const { toLogicalName, toWireName } = guardFunctions(wireName);
