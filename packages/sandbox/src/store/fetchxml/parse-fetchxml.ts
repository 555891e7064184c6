import { readXml, type XmlElement } from 'dynamics365-connector/odata';
import { DataverseError } from '../errors.ts';

/** An element of a FetchXML document. */
export interface FetchElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly FetchElement[];
  /** The text directly inside the element. */
  readonly text: string;
}

const maxDepth = 40;

/** 400: the query does not match the FetchXML schema. */
export const invalidFetchXml = (message: string, code = '0x80040303'): DataverseError =>
  new DataverseError(400, code, message);

/** Parses a FetchXML document. Document types, entities and deep nesting are rejected. */
export function parseFetchXml(text: string): FetchElement {
  const { root, diagnostics } = readXml(text);
  if (!root) throw invalidFetchXml(`Invalid XML. ${diagnostics[0]?.message ?? 'There is no element.'}`);
  return withoutSpans(root, 0);
}

/** Removes the source positions and limits the depth. */
function withoutSpans({ name, attributes, children, text }: XmlElement, depth: number): FetchElement {
  if (depth > maxDepth) throw invalidFetchXml('The query is nested too deep.');
  const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
  return {
    name,
    attributes: Object.fromEntries(values),
    children: children.map((child) => withoutSpans(child, depth + 1)),
    text,
  };
}

/** The child elements of this name. */
export const childrenOf = ({ children }: FetchElement, name: string): readonly FetchElement[] =>
  children.filter((child) => child.name === name);

/** Whether an attribute has the value `true` or `1`. */
export const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1';

/** A required attribute. */
export function requireAttribute({ name, attributes }: FetchElement, attribute: string): string {
  const value = attributes[attribute];
  if (value === undefined)
    throw invalidFetchXml(`The required attribute '${attribute}' of the element '${name}' is missing.`);
  return value;
}
