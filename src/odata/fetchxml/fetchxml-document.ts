import { semiJoinTypes } from './fetchxml-schema.ts';
import type { XmlElement } from './read-xml.ts';

/** `<entity>` or a `<link-entity>` whose columns can be used. */
export interface FetchXmlSource {
  readonly element: XmlElement;
  /** What `entityname` and `valueof` call it: its alias, or the name of its table. */
  readonly name: string;
}

/** The parts of a FetchXML query that its rules and its check need. */
export interface FetchXmlDocument {
  readonly root: XmlElement;
  readonly entity: XmlElement;
  /** Whether it is an aggregate query. */
  readonly isAggregate: boolean;
  /** The entity, then the joined links, in the order of the text. */
  readonly sources: readonly FetchXmlSource[];
  /** All links, those that only restrict rows included. */
  readonly links: readonly XmlElement[];
}

/** Whether a Boolean attribute is set. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|1)$/i.test(value);
}

/** Whether a link only restricts the rows of its parent: its columns cannot be returned. */
export function isSemiJoin({ attributes }: Pick<XmlElement, 'attributes'>): boolean {
  return semiJoinTypes.some((type) => type === attributes['link-type']);
}

/** What a query calls its entity or a link: the alias, or the name of the table if there is none. */
export function sourceName({ attributes }: Pick<XmlElement, 'attributes'>): string {
  return attributes.alias ?? attributes.name ?? '';
}

/** The document of a root; undefined if it is not `<fetch>` with one `<entity>`. */
export function toDocument(root: XmlElement): FetchXmlDocument | undefined {
  const entity = root.children.find(({ name }) => name === 'entity');
  if (root.name !== 'fetch' || entity === undefined) return undefined;
  return {
    root,
    entity,
    isAggregate: isTrue(root.attributes.aggregate),
    sources: [entity, ...findJoins(entity)].map((element) => ({ element, name: sourceName(element) })),
    links: findLinks(entity),
  };
}

function findJoins(owner: XmlElement): readonly XmlElement[] {
  return owner.children
    .filter((child) => child.name === 'link-entity' && !isSemiJoin(child))
    .flatMap((link) => [link, ...findJoins(link)]);
}

function findLinks(owner: XmlElement): readonly XmlElement[] {
  return owner.children.flatMap((child) => [
    ...(child.name === 'link-entity' ? [child] : []),
    ...findLinks(child),
  ]);
}
