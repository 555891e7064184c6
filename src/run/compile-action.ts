import type { ConnectorDefinition, RequestAction } from '../model/definition.ts';
import { compileAcceptance } from './accept-ordinary.ts';
import { compileItems, compileOutput } from './compile-output.ts';
import type { AcceptOrdinary, CompiledAction, CompiledActions, OutputShaper } from './compiled-action.ts';
import { compilePlanner } from './plan-request.ts';
import { returnsList } from './returns-list.ts';

/**
 * Creates the compiled actions of a process, which its connections share. They are kept by the identity of definition and
 * action: a connection whose tables come from the metadata of its organization has a definition of its own, so changed
 * metadata never meets functions that were compiled from older ones.
 */
export function createCompiledActions(): CompiledActions {
  const byDefinition = new WeakMap<ConnectorDefinition, WeakMap<RequestAction, CompiledAction>>();
  let last:
    | { readonly definition: object; readonly action: RequestAction; readonly compiled: CompiledAction }
    | undefined;
  return {
    of(definition, action) {
      // A call asks more than once.
      if (last?.definition === definition && last.action === action) return last.compiled;
      const actions = byDefinition.get(definition) ?? new WeakMap<RequestAction, CompiledAction>();
      const compiled = actions.get(action) ?? compileAction(definition, action);
      byDefinition.set(definition, actions.set(action, compiled));
      last = { definition, action, compiled };
      return compiled;
    },
  };
}

function compileAction(definition: ConnectorDefinition, action: RequestAction): CompiledAction {
  let accept: AcceptOrdinary | undefined;
  let shape: OutputShaper | undefined;
  let shapeItem: CompiledAction['shapeItem'] | undefined;
  return {
    plan: compilePlanner(definition, action),
    needsNewId: action.request.safety === 'create' || refersToNewId(action.request),
    // An action that is prepared for one call may fail before it needs this.
    shape(body) {
      shape ??= compileOutput(definition, action.output);
      return shape(body);
    },
    shapeItem(item) {
      shapeItem ??= compileItems(definition, action.output);
      return shapeItem(item);
    },
    isOneResponse: !returnsList(action) && !mayHaveNestedLists(definition, action),
    // A plan does not need this.
    acceptOrdinary(validator, input) {
      accept ??= compileAcceptance(definition, action);
      return accept(validator, input);
    },
  };
}

/** Whether a placeholder of a request stands for the id of the new row: `{{new.id}}`. */
function refersToNewId(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  const { path } = part as { readonly path?: unknown };
  if (Array.isArray(path) && path[0] === 'new') return true;
  return Object.values(part).some(refersToNewId);
}

/** Lists inside of a row come with an expand only; JSON may have them anywhere. */
function mayHaveNestedLists(
  { tables }: Pick<ConnectorDefinition, 'tables'>,
  { output, request }: RequestAction,
): boolean {
  if (output.kind === 'json') return true;
  const isExpanded = 'table' in output && tables[output.table]?.expanded !== undefined;
  return isExpanded || request.query.some(({ name }) => name === '$expand');
}
