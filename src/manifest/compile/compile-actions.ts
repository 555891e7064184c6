import type { ActionDefinition, HandlerAction } from '../../model/definition.ts';
import type { ActionYaml } from '../read/yaml-types.ts';
import { compileAction } from './compile-action.ts';
import type { CompileContext } from './compile-context.ts';
import { compileOperations } from './compile-operations.ts';
import { compileSequence } from './compile-steps.ts';
import type { KnownActions } from './known-actions.ts';
import type { OperationSource } from './operation-source.ts';

/** Compiles all actions: those with steps last, because they run others. Those with errors are left out. */
export function compileActions(
  sources: readonly OperationSource<ActionYaml>[],
  context: CompileContext,
): Readonly<Record<string, ActionDefinition>> {
  const ids = sources.map(({ id }) => id);
  const isSequence = ({ yaml }: OperationSource<ActionYaml>) => yaml.steps !== undefined;
  const single = sources.filter((source) => !isSequence(source));
  const sequences = sources.filter(isSequence);
  const compiled = compileOperations<ActionYaml, ActionDefinition>(single, compileAction, context, ids);
  const known: KnownActions = {
    compiled,
    // A template that does not fit a table that asks for all templates is left out without an error.
    broken: new Set(
      single.flatMap(({ id, wanted }) => (Object.hasOwn(compiled, id) || wanted?.optional ? [] : [id])),
    ),
    sequences: new Set(sequences.map(({ id }) => id)),
  };
  const withSteps = compileOperations<ActionYaml, HandlerAction>(
    sequences,
    (source) => compileSequence(source, known, context),
    context,
    ids,
  );
  const all: Readonly<Record<string, ActionDefinition>> = { ...compiled, ...withSteps };
  return Object.fromEntries(ids.flatMap((id) => (all[id] === undefined ? [] : [[id, all[id]]])));
}
