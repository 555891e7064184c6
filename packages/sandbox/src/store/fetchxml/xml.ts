import { type XmlElement as ReadElement, readXml } from 'dynamics365-connector/odata';
import { StoreRefusal } from '../refusal.ts';

/** One element. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside it. */
  readonly text: string;
}

const deepest = 40;

/** The query is not what the fetch schema says. */
export const badFetch = (message: string, code = '0x80040303'): StoreRefusal =>
  new StoreRefusal(code, 400, message);

/** Reads a document of a few elements, as FetchXML is; without document types, entities or great depth. */
export function parseXml(text: string): XmlElement {
  const { root, faults } = readXml(text);
  if (!root) throw badFetch(`Invalid XML. ${faults[0]?.message ?? 'There is no element.'}`);
  return plain(root, 0);
}

/** An element without the places of its parts. */
function plain({ name, attributes, children, text }: ReadElement, depth: number): XmlElement {
  if (depth > deepest) throw badFetch('The query is nested too deep.');
  const values = Object.entries(attributes).map(([key, { value }]) => [key, value] as const);
  return {
    name,
    attributes: Object.fromEntries(values),
    children: children.map((child) => plain(child, depth + 1)),
    text,
  };
}

/** Children of one name. */
export const childrenOf = ({ children }: XmlElement, name: string): readonly XmlElement[] =>
  children.filter((child) => child.name === name);

/** Whether an attribute says yes. */
export const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1';

/** An attribute that must be there. */
export function required({ name, attributes }: XmlElement, attribute: string): string {
  const value = attributes[attribute];
  if (value === undefined) throw badFetch(`The element '${name}' needs the attribute '${attribute}'.`);
  return value;
}
