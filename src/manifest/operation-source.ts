import type { CompileContext } from './compile-context.ts';
import type { SourceNode } from './source-node.ts';
import type { InputYaml, OperationYaml } from './yaml-types.ts';

/** One operation as it is written, a family's words already filled in for one table. */
export interface OperationSource<Yaml extends OperationYaml = OperationYaml> {
  readonly id: string;
  readonly yaml: Yaml;
  readonly node: SourceNode;
  /** Set when it came from a family. */
  readonly table?: string;
}

/** Operations of one table stand together: under its title, or the first word of their ids. */
export function deriveGroup(id: string, context: CompileContext): string {
  const [resource = ''] = id.split('.');
  return context.tableInfo.get(resource)?.title ?? resource.charAt(0).toUpperCase() + resource.slice(1);
}

/** Warns of inputs that nothing uses: they would be asked for in vain. */
export function warnUnusedInputs(
  input: InputYaml | undefined,
  used: ReadonlySet<string>,
  node: SourceNode,
): void {
  if (used.has('input')) return;
  for (const name of Object.keys(input?.properties ?? {})) {
    if (used.has(`input.${name}`)) continue;
    node.at('input', 'properties', name).warning('S113', `nothing uses the input "${name}"`, {
      key: true,
      fix: `use {{input.${name}}} in the request, or leave it out`,
    });
  }
}
