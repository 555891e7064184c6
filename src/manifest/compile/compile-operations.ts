import { suggest } from '../../errors/suggest.ts';
import type { ActionDefinition, TriggerDefinition } from '../../model/definition.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { SourceFile } from '../read/source-file.ts';
import { SourceNode } from '../read/source-node.ts';
import type { OperationYaml } from '../read/yaml-types.ts';
import type { CompileContext } from './compile-context.ts';
import { rejectPlaceholders } from './compile-template.ts';
import type { OperationSource } from './operation-source.ts';

type CompileOperation<Yaml extends OperationYaml, Compiled> = (
  source: OperationSource<Yaml>,
  context: CompileContext,
) => Compiled | undefined;

/**
 * Compiles all actions or all triggers. Those with errors are left out.
 *
 * @param ids All ids that an operation of this kind can name.
 */
export function compileOperations<
  Yaml extends OperationYaml,
  Compiled extends ActionDefinition | TriggerDefinition,
>(
  sources: readonly OperationSource<Yaml>[],
  compile: CompileOperation<Yaml, Compiled>,
  context: CompileContext,
  ids: readonly string[] = sources.map(({ id }) => id),
): Readonly<Record<string, Compiled>> {
  const unfit = new Map<SourceFile, readonly Diagnostic[]>();
  const compiled = sources.flatMap((source) => {
    checkTexts(source, ids);
    const operation =
      source.wanted === undefined
        ? compile(source, context)
        : tryTemplate(source, compile, { context, unfit });
    return operation === undefined ? [] : [[source.id, operation, source.node.source] as const];
  });
  reportUnfit(unfit, new Set(compiled.map(([, , file]) => file)), context);
  return Object.fromEntries(compiled.map(([id, operation]) => [id, operation]));
}

/** A template that fits none of the tables that ask for all is wrong itself. */
function reportUnfit(
  unfit: ReadonlyMap<SourceFile, readonly Diagnostic[]>,
  fitting: ReadonlySet<SourceFile>,
  { diagnostics }: CompileContext,
): void {
  for (const [file, found] of unfit) {
    if (fitting.has(file)) continue;
    for (const [index, one] of found.entries()) diagnostics.set(`${file.file} unfit ${index}`, one);
  }
}

/** Compiles a template for a table that may not fit it: errors are reported where the table asks for it. */
function tryTemplate<Yaml extends OperationYaml, Compiled>(
  source: OperationSource<Yaml>,
  compile: CompileOperation<Yaml, Compiled>,
  { context, unfit }: { context: CompileContext; unfit: Map<SourceFile, readonly Diagnostic[]> },
): Compiled | undefined {
  const found = new Map<string, Diagnostic>();
  const compiled = compile({ ...source, node: new SourceNode(source.node.source, found) }, context);
  const error = [...found.values()].find(({ severity }) => severity === 'error');
  if (error === undefined) return compiled;
  const { id, table = '', wanted } = source;
  if (wanted?.optional === false) {
    const message = `"${id.slice(table.length + 1)}" does not fit the table "${table}": ${error.message}`;
    wanted.node.error('M120', message, { fix: 'remove it, or add what it needs to the table' });
  } else if (!unfit.has(source.node.source)) unfit.set(source.node.source, [...found.values()]);
  return undefined;
}

function checkTexts({ yaml, node }: OperationSource, ids: readonly string[]): void {
  for (const text of ['title', 'description'] as const)
    if (!node.at(text).isBroken) rejectPlaceholders(yaml[text], node.at(text));
  const use = yaml.deprecated?.use;
  if (use === undefined || ids.includes(use)) return;
  const [nearest] = suggest(use, ids, 1);
  node.at('deprecated', 'use').error('M118', `there is no operation "${use}"`, {
    fix: nearest && `did you mean "${nearest}"?`,
  });
}
