import type { MetadataOperation, MetadataOperations, MetadataParameter } from '../../model/metadata.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { readXml, type XmlElement } from '../fetchxml/read-xml.ts';

/**
 * Reads the operations in a `$metadata` document; undefined if the text is not one. The document also describes every
 * table and has many megabytes, so only the elements for operations are parsed.
 * https://docs.oasis-open.org/odata/odata-csdl-xml/v4.01/odata-csdl-xml-v4.01.html#sec_ActionandActionOverload
 */
export function readOperations(csdl: string): MetadataOperations | undefined {
  if (!csdl.includes('<Schema')) return undefined;
  const elements = readXml(`<slices>${sliceElements(csdl).join('')}</slices>`).root?.children;
  if (elements === undefined) return undefined;
  const named = (name: string) => elements.filter((element) => element.name === name);
  const operations = [...named('Action'), ...named('Function')].map(readOperation);
  return {
    operations,
    enumTypes: Object.fromEntries(named('EnumType').map(readEnum)),
    complexTypes: usedTypes(operations, new Map(named('ComplexType').flatMap(readComplex))),
    baseTypes: readBases(csdl),
  };
}

/** The texts of the elements for operations. Every tag is looked at once, so that the time grows with the text alone. */
function sliceElements(csdl: string): readonly string[] {
  const slices: string[] = [];
  let open: { readonly name: string; readonly start: number } | undefined;
  for (const { 0: tag, 1: slash, 2: name = '', index } of csdl.matchAll(
    /<(\/?)(Action|Function|ComplexType|EnumType)\b[^<>]*>/g,
  )) {
    const end = index + tag.length;
    if (slash === '/') {
      if (open?.name === name) slices.push(csdl.slice(open.start, end));
      if (open?.name === name) open = undefined;
    } else if (open === undefined) {
      if (tag.endsWith('/>')) slices.push(tag);
      else open = { name, start: index };
    }
  }
  return slices;
}

function readOperation(element: XmlElement): MetadataOperation {
  const kind = element.name === 'Action' ? 'action' : 'function';
  const parameters = element.children.filter(({ name }) => name === 'Parameter').map(readParameter);
  const name = attribute(element, 'Name');
  if (attribute(element, 'IsBound') !== 'true') return { name, kind, parameters };
  const [first, ...own] = parameters;
  const row = collectionItemType(first?.type ?? '');
  const boundTo =
    row === undefined ? { table: first?.type ?? '' } : { table: row, isCollection: true as const };
  return { name, kind, boundTo, parameters: own };
}

function readParameter(element: XmlElement): MetadataParameter {
  const type = attribute(element, 'Type').replace(/\b(?:mscrm|Microsoft\.Dynamics\.CRM)\./, '');
  const required = attribute(element, 'Nullable') === 'false' ? (true as const) : undefined;
  return omitUndefined({ name: attribute(element, 'Name'), type, required });
}

function readEnum(element: XmlElement): readonly [string, MetadataOperations['enumTypes'][string]] {
  const members = element.children
    .filter(({ name }) => name === 'Member')
    .map((member, at) => [attribute(member, 'Name'), Number(attribute(member, 'Value') || at)] as const);
  const flags = attribute(element, 'IsFlags') === 'true' ? (true as const) : undefined;
  return [attribute(element, 'Name'), omitUndefined({ members: Object.fromEntries(members), flags })];
}

/** Types that extend another type, or that are open, are not checked. */
function readComplex(element: XmlElement): readonly (readonly [string, readonly MetadataParameter[]])[] {
  const isOpen = ['BaseType', 'OpenType', 'Abstract'].some((name) => attribute(element, name) !== '');
  if (isOpen) return [];
  const members = element.children.filter(({ name }) => /^(Navigation)?Property$/.test(name));
  return [[attribute(element, 'Name'), members.map(readParameter)]];
}

/** The complex types of parameters. Most others only describe responses. */
function usedTypes(
  operations: readonly MetadataOperation[],
  all: ReadonlyMap<string, readonly MetadataParameter[]>,
): MetadataOperations['complexTypes'] {
  const used = new Map<string, readonly MetadataParameter[]>();
  const visit = ({ type }: MetadataParameter) => {
    const name = collectionItemType(type) ?? type;
    const members = all.get(name);
    if (members === undefined || used.has(name)) return;
    used.set(name, members);
    members.forEach(visit);
  };
  for (const { parameters } of operations) parameters.forEach(visit);
  return Object.fromEntries(used);
}

function readBases(csdl: string): MetadataOperations['baseTypes'] {
  const tags = csdl.match(/<EntityType\b[^<>]*>/g) ?? [];
  const pairs = tags.flatMap((tag) => {
    const name = /\bName="(\w+)"/.exec(tag)?.[1];
    const base = /\bBaseType="(?:mscrm|Microsoft\.Dynamics\.CRM)\.(\w+)"/.exec(tag)?.[1];
    return name === undefined || base === undefined || base === 'crmbaseentity'
      ? []
      : [[name, base] as const];
  });
  return Object.fromEntries(pairs);
}

/** The type of the items of a collection: `systemuser` for `Collection(systemuser)`; undefined for other types. */
export function collectionItemType(type: string): string | undefined {
  return /^Collection\((.+)\)$/.exec(type)?.[1];
}

function attribute({ attributes }: XmlElement, name: string): string {
  return attributes[name] ?? '';
}
