import { createRequire } from 'node:module';
import { ConnectorError } from '../../../errors/connector-error.ts';
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

type Library = typeof import('fast-xml-parser');
type Parsed = Readonly<Record<string, unknown>>;

/** The query is not what the fetch schema says. */
export const badFetch = (message: string, code = '0x80040303'): StoreRefusal =>
  new StoreRefusal(code, 400, message);

/** Reads a document of a few elements, as FetchXML is; without document types, entities or great depth. */
export function parseXml(text: string): XmlElement {
  const { XMLParser, XMLValidator } = library();
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw badFetch('Invalid XML: document types are not allowed.');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw badFetch(`Invalid XML. ${valid.err.msg} Line ${valid.err.line}.`);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    parseTagValue: false,
    htmlEntities: true,
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  const [root] = elements(parser.parse(text) as readonly Parsed[], 0);
  if (!root) throw badFetch('Invalid XML: there is no element.');
  return root;
}

/** The package is optional: only FetchXML needs it, and it is loaded when the first query comes. */
function library(): Library {
  try {
    return createRequire(import.meta.url)('fast-xml-parser') as Library;
  } catch {
    throw new ConnectorError(
      'PACKAGE_MISSING',
      'FetchXML in the sandbox needs the package fast-xml-parser.',
      {
        advice: 'Install it: npm install fast-xml-parser',
      },
    );
  }
}

function elements(nodes: readonly Parsed[], depth: number): readonly XmlElement[] {
  if (depth > deepest) throw badFetch('The query is nested too deep.');
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    if (name === undefined) return [];
    const children = node[name] as readonly Parsed[];
    const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>;
    const text = children.map((child) => child['#text'] ?? '').join('');
    return [{ name, attributes, children: elements(children, depth + 1), text }];
  });
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
