import { XMLParser } from 'fast-xml-parser';

/** A `Property` of an entity type. */
export interface CsdlProperty {
  readonly name: string;
  readonly type: string;
}

/** A `NavigationProperty` with its target and, if single-valued, its lookup. */
export interface CsdlNavigation {
  readonly name: string;
  readonly target: string;
  readonly collection: boolean;
  /** The property of the lookup, for example `_customerid_value`, if the document has it. */
  readonly property?: string;
}

export interface CsdlType {
  readonly name: string;
  readonly base: string;
  readonly key?: string;
  readonly properties: readonly CsdlProperty[];
  readonly navigations: readonly CsdlNavigation[];
}

type Element = Record<string, string | Element[] | undefined>;

const arrays = new Set([
  'EntityType',
  'Property',
  'NavigationProperty',
  'PropertyRef',
  'ReferentialConstraint',
]);

const navigation = (node: Element): CsdlNavigation => {
  const type = node['@Type'] as string;
  const collection = type.startsWith('Collection(');
  const constraint = (node.ReferentialConstraint as Element[] | undefined)?.[0]?.['@Property'];
  return {
    name: node['@Name'] as string,
    target: type.replace(/^Collection\(|\)$/g, '').replace('mscrm.', ''),
    collection,
    property: typeof constraint === 'string' ? constraint : undefined,
  };
};

const entityType = (node: Element): CsdlType => {
  const key = (node.Key as unknown as Element | undefined)?.PropertyRef as Element[] | undefined;
  return {
    name: node['@Name'] as string,
    base: ((node['@BaseType'] as string | undefined) ?? '').replace('mscrm.', ''),
    key: key?.[0]?.['@Name'] as string | undefined,
    properties: ((node.Property as Element[] | undefined) ?? []).map((property) => ({
      name: property['@Name'] as string,
      type: property['@Type'] as string,
    })),
    navigations: ((node.NavigationProperty as Element[] | undefined) ?? []).map(navigation),
  };
};

/** The entity types of a CSDL document (`$metadata`), by name. */
export function readCsdl(xml: string): ReadonlyMap<string, CsdlType> {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => arrays.has(name),
  });
  const schema = parser.parse(xml)['edmx:Edmx']['edmx:DataServices'].Schema as Element;
  return new Map((schema.EntityType as Element[]).map((node) => [node['@Name'] as string, entityType(node)]));
}
