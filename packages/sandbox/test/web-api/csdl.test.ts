import { expect } from 'chai';
import { XMLParser } from 'fast-xml-parser';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

interface Element {
  readonly Name: string;
  readonly Type: string;
  readonly BaseType?: string;
  readonly Property?: readonly Element[];
  readonly NavigationProperty?: readonly (Element & { readonly ReferentialConstraint?: Constraint })[];
  readonly Parameter?: readonly Element[];
  readonly ReturnType?: Element;
}
interface Constraint {
  readonly Property: string;
  readonly ReferencedProperty: string;
}

describe('Web API: $metadata as CSDL', () => {
  let fixture: WebApiFixture;
  let schema: Readonly<Record<string, readonly Element[]>>;
  let types: ReadonlyMap<string, Element>;
  before(() => {
    fixture = createWebApiFixture();
    const lists = ['EntityType', 'ComplexType', 'EnumType', 'NavigationProperty', 'Parameter'];
    const isArray = (name: string, _path: unknown, _leaf: boolean, isAttribute: boolean) =>
      !isAttribute &&
      (lists.includes(name) || name === 'Property' || name === 'Function' || name === 'Action');
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray });
    schema = parser.parse(fixture.get('$metadata').text)['edmx:Edmx']['edmx:DataServices'].Schema;
    const all = ['EntityType', 'ComplexType', 'EnumType'].flatMap((kind) => schema[kind] ?? []);
    types = new Map(all.map((type) => [type.Name, type]));
  });
  after(() => fixture.store.close());

  const itemType = (type: string) => type.replace(/^Collection\((.*)\)$/, '$1').replace(/^mscrm\./, '');
  const baseOf = ({ BaseType = '' }: Element) => types.get(itemType(BaseType));
  const propertiesOf = (type: Element): Element[] => {
    const base = baseOf(type);
    return [...(type.Property ?? []), ...(base ? propertiesOf(base) : [])];
  };
  const navigationsOf = (type: Element): Element[] => {
    const base = baseOf(type);
    return [...(type.NavigationProperty ?? []), ...(base ? navigationsOf(base) : [])];
  };

  it('every function has a result, and every type exists', () => {
    const operations = [...(schema.Function ?? []), ...(schema.Action ?? [])];
    for (const { Name, ReturnType } of schema.Function ?? []) expect(ReturnType, Name).to.be.an('object');
    const used = [...types.values(), ...operations].flatMap((element) => [
      ...(element.Property ?? []),
      ...(element.NavigationProperty ?? []),
      ...(element.Parameter ?? []),
      ...(element.ReturnType ? [element.ReturnType] : []),
    ]);
    const unknown = used
      .map(({ Type }) => itemType(Type))
      .filter((name) => name === 'Edm.Untyped' || !(name.startsWith('Edm.') || types.has(name)));
    expect(unknown).to.deep.equal([]);
  });

  it('no type declares a property twice or one that it inherits', () => {
    for (const type of types.values()) {
      const names = [...propertiesOf(type), ...navigationsOf(type)].map(({ Name }) => Name);
      const repeated = names.filter((name, index) => names.indexOf(name) !== index);
      expect(repeated, type.Name).to.deep.equal([]);
    }
  });

  it('every referential constraint names properties of both types', () => {
    for (const type of schema.EntityType ?? []) {
      const own = new Set(propertiesOf(type).map(({ Name }) => Name));
      for (const { Name, Type, ReferentialConstraint: constraint } of type.NavigationProperty ?? []) {
        if (!constraint) continue;
        const target = types.get(itemType(Type));
        const there = target ? propertiesOf(target).map((property) => property.Name) : [];
        expect(own.has(constraint.Property), `${type.Name}.${Name}`).to.equal(true);
        expect(there, `${type.Name}.${Name}`).to.include(constraint.ReferencedProperty);
      }
    }
  });
});
