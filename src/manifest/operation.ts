import type { InputYaml, OperationYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** One operation as it is written, a family's words already filled in for one table. */
export interface Sentence<Yaml extends OperationYaml = OperationYaml> {
  readonly id: string;
  readonly yaml: Yaml;
  readonly site: Site;
  /** Set when it came from a family. */
  readonly table?: string;
}

/** Operations of one table stand together: under its title, or the first word of their ids. */
export function groupOf(id: string, shop: Workshop): string {
  const [resource = ''] = id.split('.');
  return shop.facts.get(resource)?.title ?? resource.charAt(0).toUpperCase() + resource.slice(1);
}

/** Warns of inputs that nothing uses: they would be asked for in vain. */
export function lintInputs(input: InputYaml | undefined, used: ReadonlySet<string>, site: Site): void {
  if (used.has('input')) return;
  for (const name of Object.keys(input?.properties ?? {})) {
    if (used.has(`input.${name}`)) continue;
    site.at('input', 'properties', name).warning('S113', `nothing uses the input "${name}"`, {
      key: true,
      fix: `use {{input.${name}}} in the request, or leave it out`,
    });
  }
}
