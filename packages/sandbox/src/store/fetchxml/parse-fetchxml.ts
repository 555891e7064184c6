import { type XmlElement as ReadElement, readXml } from 'dynamics365-connector/odata';
import { DataverseError } from '../errors.ts';

/** One element. */
export interface FetchElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly FetchElement[];
  /** Text directly inside it. */
  readonly text: string;
}

const maxDepth = 40;

/** The query is not what the fetch schema says. */
export const invalidFetchXml = (message: string, code = '0x80040303'): DataverseError =>
  new DataverseError(code, 400, message);

/** Reads a document of a few elements, as FetchXML is; without document types, entities or great depth. */
export function parseFetchXml(text: string): FetchElement {
  const { root, diagnostics } = readXml(text);
  if (!root) throw invalidFetchXml(`Invalid XML. ${diagnostics[0]?.message ?? 'There is no element.'}`);
  return withoutSpans(root, 0);
}

/** An element without the places of its parts. */
function withoutSpans({ name, attributes, children, text }: ReadElement, depth: number): FetchElement {
  if (depth > maxDepth) throw invalidFetchXml('The query is nested too deep.');
  const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
  return {
    name,
    attributes: Object.fromEntries(values),
    children: children.map((child) => withoutSpans(child, depth + 1)),
    text,
  };
}

/** Children of one name. */
export const childrenOf = ({ children }: FetchElement, name: string): readonly FetchElement[] =>
  children.filter((child) => child.name === name);

/** Whether an attribute says yes. */
export const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1';

/** An attribute that must be there. */
export function requireAttribute({ name, attributes }: FetchElement, attribute: string): string {
  const value = attributes[attribute];
  if (value === undefined) throw invalidFetchXml(`The element '${name}' needs the attribute '${attribute}'.`);
  return value;
}
