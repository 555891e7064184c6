import { crmNamespace } from 'dynamics365-connector/odata';
import type { PathSegment } from './request-path.ts';

/** Every URL has these: shared variables of plug-ins, and the partition of an elastic table. */
const common = ['tag', 'partitionId'];
const ofCsdl = ['annotations'];
const ofDefinitions = ['LabelLanguages'];
/** FetchXML, the views that have it, and SQL. */
const ofEntitySets = ['fetchXml', 'savedQuery', 'userQuery', 'sql'];
/** Views also apply to a collection: `accounts(id)/contact_customer_accounts?savedQuery=…`. */
const ofCollections = ['savedQuery', 'userQuery'];
/** Names and positions of files and images. */
const ofProperties = ['x-ms-file-name', 'FileContinuationToken', 'size'];

const systemOptions = new Set(
  '$select $expand $filter $orderby $apply $top $count $skiptoken $deltatoken $id'.split(' '),
);
/** Metadata is neither sorted, counted nor paged: every response has all definitions. */
const systemOptionsOfDefinitions = new Set(['$select', '$expand', '$filter']);

/** The system query options of a URL. */
export function systemOptionsOf([first]: readonly PathSegment[]): ReadonlySet<string> {
  return first && isDefinitions(first) ? systemOptionsOfDefinitions : systemOptions;
}

/** The parameters of a URL that are neither system query options nor parameter aliases. Names are case-sensitive. */
export function parametersOf(segments: readonly PathSegment[]): ReadonlySet<string> {
  return new Set([...common, ...specificParameters(segments)]);
}

function specificParameters(segments: readonly PathSegment[]): readonly string[] {
  const [first, second] = segments.filter(({ name }) => !name.startsWith(crmNamespace));
  if (first?.name === '$metadata') return ofCsdl;
  if (first && isDefinitions(first)) return ofDefinitions;
  if (second) return [...ofProperties, ...ofCollections];
  // Entity sets are in lower case, functions are not.
  return first && first.args === undefined && /^[a-z]/.test(first.name) ? ofEntitySets : [];
}

const isDefinitions = ({ name }: PathSegment): boolean =>
  /^(Entity|Relationship|GlobalOptionSet)Definitions$/.test(name);
