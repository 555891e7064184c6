import type { ActionDefinition, HandlerAction } from '../../model/definition.ts';
import { handlerCatalog } from '../../model/handlers.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { SourceNode } from '../read/source-node.ts';
import { suggestName } from '../read/suggest-value.ts';
import type { ActionYaml, StepYaml } from '../read/yaml-types.ts';
import { commonFields } from './compile-action.ts';
import type { CompileContext } from './compile-context.ts';
import { addTableInputs, compileInput } from './compile-input.ts';
import { compileStepInput } from './compile-step-input.ts';
import { compileActionTests } from './compile-tests.ts';
import type { CompiledProperty } from './compiled-property.ts';
import { findReadVersion } from './find-read-version.ts';
import type { CompiledStep, KnownActions } from './known-actions.ts';
import { type OperationSource, warnUnusedInputs } from './operation-source.ts';
import { schemaProperty } from './schema-properties.ts';

/** Compiles an action with `steps`; undefined if it has errors. */
export function compileSequence(
  source: OperationSource<ActionYaml>,
  known: KnownActions,
  context: CompileContext,
): HandlerAction | undefined {
  const { yaml, node, table } = source;
  const input = compileInput(yaml.input ?? {}, new Map(), { node: node.at('input'), context });
  addTableInputs({ input: yaml.input, request: {} }, 'plain', node);
  const isAlone = rejectOtherForms(yaml, node);
  if (node.at('steps').isBroken) return undefined;
  const used = new Set<string>();
  const steps = compileSteps(yaml, { node, context, known, used, inputs: input.properties });
  const tests = compileActionTests(yaml.tests ?? [], { node, context, input, table });
  if (steps === undefined || !isAlone) return undefined;
  const returns = findReturned(yaml, steps, node);
  const returned = steps[returns];
  if (returned === undefined) return undefined;
  warnUnusedInputs(yaml.input, used, node);
  const { output, outputSchema } = returned.definition;
  const sequence = {
    steps: steps.map(({ definition: _, ...step }) => step),
    isChangeSet: yaml.changeSet === true,
    returns,
  };
  const effects = deriveEffects(yaml, steps);
  return {
    ...commonFields(source, context),
    ...{ input: input.schema, output, outputSchema, handler: 'runSteps', sequence, effects, tests },
  };
}

function rejectOtherForms(yaml: ActionYaml, node: SourceNode): boolean {
  const others = (['request', 'handler', 'output', 'pagination'] as const).filter(
    (key) => yaml[key] !== undefined,
  );
  for (const key of others) {
    const message =
      key === 'output' || key === 'pagination'
        ? 'an action with steps returns what its last step returns'
        : `an action has either steps or a ${key}`;
    const fix = key === 'output' ? 'remove it; returns: names another step' : 'remove one of them';
    node.at(key).error('M106', message, { key: true, fix: key === 'pagination' ? 'remove it' : fix });
  }
  return others.length === 0;
}

interface StepsContext {
  readonly node: SourceNode;
  readonly context: CompileContext;
  readonly known: KnownActions;
  readonly used: Set<string>;
  readonly inputs: NonNullable<CompiledProperty['properties']>;
}

/** Compiles the steps in their order: each can refer to those before it. */
function compileSteps(
  { steps = [], changeSet = false }: ActionYaml,
  { node, context, known, used, inputs }: StepsContext,
): readonly CompiledStep[] | undefined {
  const compiled: CompiledStep[] = [];
  const earlier = new Map<string, ActionDefinition>();
  const failed = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const at = node.at('steps', index);
    const definition = findAction(step, { at, known, isChangeSet: changeSet });
    const isNew = checkName(step, at, [...earlier.keys(), ...failed]);
    const outputs = [...earlier].map(
      ([name, { outputSchema }]) => [name, schemaProperty(outputSchema)] as const,
    );
    const roots = {
      input: inputs,
      steps: { known: new Map(outputs), alwaysPresent: new Set(earlier.keys()), invalid: failed },
    };
    const stepContext = {
      node: at.at('input'),
      scope: { roots, used },
      context,
      earlier,
      isChangeSet: changeSet,
    };
    const input = definition && compileStepInput(step.input, definition.input, stepContext);
    const version =
      input && (changeSet ? {} : findReadVersion({ input, definition, node: at }, compiled, context));
    if (definition === undefined) markUsed(step, used);
    if (step.name !== undefined && definition === undefined) failed.add(step.name);
    else if (step.name !== undefined && definition !== undefined && isNew) earlier.set(step.name, definition);
    if (definition === undefined || input === undefined || version === undefined || !isNew) continue;
    compiled.push(omitUndefined({ name: step.name, action: step.action, input, ...version, definition }));
  }
  return compiled.length === steps.length ? compiled : undefined;
}

/** A step with an error uses its inputs too. */
function markUsed({ input }: StepYaml, used: Set<string>): void {
  for (const [, name = ''] of JSON.stringify(input).matchAll(/\{\{\s*(input\.\w+)/g)) used.add(name);
}

function checkName({ name }: StepYaml, node: SourceNode, taken: readonly string[]): boolean {
  if (name === undefined || !taken.includes(name)) return true;
  node
    .at('name')
    .error('M124', `an earlier step has the name "${name}" too`, { fix: 'give each step its own name' });
  return false;
}

/** The action of a step, if it can be one. */
function findAction(
  { action: id }: StepYaml,
  { at, known, isChangeSet }: { at: SourceNode; known: KnownActions; isChangeSet: boolean },
): ActionDefinition | undefined {
  const node = at.at('action');
  if (known.broken.has(id)) return undefined;
  const action = Object.hasOwn(known.compiled, id) ? known.compiled[id] : undefined;
  if (action === undefined && known.sequences.has(id)) {
    node.error('M125', `"${id}" has steps itself`, { fix: 'write its steps here' });
  } else if (action === undefined) {
    const suggestion = suggestName(id, Object.keys(known.compiled));
    node.error('M118', `there is no action "${id}"`, suggestion);
  } else {
    const reason = findRejection(action, isChangeSet);
    if (reason === undefined) return action;
    const fix = isChangeSet ? 'remove the step, or remove changeSet' : 'write its actions as steps';
    node.error('M125', `"${id}" ${reason}`, { fix });
  }
  return undefined;
}

function findRejection({ handler, effects }: ActionDefinition, isChangeSet: boolean): string | undefined {
  if (effects.bulk) return 'reports each of its rows, and cannot be a step';
  if (!isChangeSet) return undefined;
  if (effects.readOnly) return 'only reads; every step of a change set must write';
  const isSingle = handler === undefined || (handler !== 'runSteps' && 'single' in handlerCatalog[handler]);
  return isSingle ? undefined : 'sends several requests; a step of a change set sends one';
}

function findReturned({ returns }: ActionYaml, steps: readonly CompiledStep[], node: SourceNode): number {
  if (returns === undefined) return steps.length - 1;
  const found = steps.findIndex(({ name }) => name === returns);
  const names = steps.flatMap(({ name }) => name ?? []);
  if (found < 0) {
    const suggestion = suggestName(returns, names) ?? { fix: 'give a step this name, or remove it' };
    node.at('returns').error('M124', `no step has the name "${returns}"`, suggestion);
  }
  return found;
}

/** Repeating the whole is only harmless if it reads: a later step can write what an earlier one has read. */
function deriveEffects({ destructive, sendsMessage }: ActionYaml, steps: readonly CompiledStep[]) {
  const readOnly = steps.every(({ definition }) => definition.effects.readOnly);
  const removes = steps.some(({ definition }) => definition.effects.destructive);
  const sends = sendsMessage === true || steps.some(({ definition }) => definition.effects.sendsMessage);
  return {
    readOnly,
    destructive: destructive === true || removes,
    idempotent: readOnly,
    bulk: false,
    ...(sends ? { sendsMessage: true as const } : {}),
  };
}
