import { type FetchElement, readFetchXml } from 'dynamics365-connector/odata';
import { DataverseError } from '../errors.ts';
import { toFetchXmlRefusal } from './fetchxml-refusals.ts';

export type { FetchElement };

/** 400: the query does not match the FetchXML schema. */
export const invalidFetchXml = (message: string, code = '0x80040303'): DataverseError =>
  new DataverseError(400, code, message);

/** Parses a FetchXML document and rejects it with the first rule that it breaks. */
export function parseFetchXml(text: string): FetchElement {
  const { document, issues } = readFetchXml(text);
  const issue = issues.find(({ severity }) => severity === 'error');
  if (issue) throw toFetchXmlRefusal(issue, text);
  if (!document) throw invalidFetchXml('The query is empty.');
  return document.root;
}

/** The child elements of this name. */
export const childrenOf = ({ children }: FetchElement, name: string): readonly FetchElement[] =>
  children.filter((child) => child.name === name);

/** A required attribute. */
export function requireAttribute({ name, attributes }: FetchElement, attribute: string): string {
  const value = attributes[attribute];
  if (value === undefined)
    throw invalidFetchXml(`The required attribute '${attribute}' of the element '${name}' is missing.`);
  return value;
}
