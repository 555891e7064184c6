/** The components of an OpenAPI document: kind (`schemas`, `parameters`) -> name -> component. */
export type Components = Readonly<Record<string, Readonly<Record<string, object>>>>;

const reference = /"#\/components\/(\w+)\/([\w.-]+)"/g;

/** The components that the paths refer to, also by way of others. A document of some operations does not need all. */
export function usedComponents(components: Components, paths: object): Components {
  const used = new Set<string>();
  const follow = (value: object) => {
    for (const [, kind = '', name = ''] of JSON.stringify(value).matchAll(reference)) {
      const component = components[kind]?.[name];
      if (component === undefined || used.has(`${kind}/${name}`)) continue;
      used.add(`${kind}/${name}`);
      follow(component);
    }
  };
  follow(paths);
  const keep = (kind: string, members: Components[string]) =>
    Object.entries(members).filter(([name]) => kind === 'securitySchemes' || used.has(`${kind}/${name}`));
  return Object.fromEntries(
    Object.entries(components)
      .map(([kind, members]) => [kind, Object.fromEntries(keep(kind, members))] as const)
      .filter(([, members]) => Object.keys(members).length > 0),
  );
}
