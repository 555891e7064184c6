import type { SourceNode } from '../read/source-node.ts';
import type { InputYaml, OperationYaml } from '../read/yaml-types.ts';
import type { CompileContext } from './compile-context.ts';

/** The YAML of one operation. The table variables of a template file are filled in. */
export interface OperationSource<Yaml extends OperationYaml = OperationYaml> {
  readonly id: string;
  readonly yaml: Yaml;
  readonly node: SourceNode;
  /** Set if it comes from a template file. */
  readonly table?: string;
  /** The name of its file inside its package. */
  readonly file: string;
  /** The id of the base that has the file; undefined for an own file. */
  readonly from: string | undefined;
  /** Where a table asks for the template: a template that does not fit the table is reported there. */
  readonly wanted?: { readonly node: SourceNode; readonly optional: boolean };
}

/** The group of an operation: the title of its table, or else the first part of its id. */
export function deriveGroup(id: string, context: CompileContext): string {
  const [resource = ''] = id.split('.');
  return context.tableInfo.get(resource)?.title ?? resource.charAt(0).toUpperCase() + resource.slice(1);
}

/** Warns about inputs that no placeholder uses. */
export function warnUnusedInputs(
  input: InputYaml | undefined,
  used: ReadonlySet<string>,
  node: SourceNode,
): void {
  if (used.has('input')) return;
  for (const name of Object.keys(input?.properties ?? {})) {
    if (used.has(`input.${name}`)) continue;
    node.at('input', 'properties', name).warning('S113', `the input "${name}" is not used`, {
      key: true,
      fix: `use {{input.${name}}} in the request, or remove it`,
    });
  }
}
