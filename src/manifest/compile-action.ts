import {
  type ActionDefinition,
  type ActionEffects,
  type HandlerAction,
  type HandlerName,
  handlerCatalog,
  type Pagination,
  type RequestAction,
  type RequestTemplate,
} from '../model/definition.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { CompileContext } from './compile-context.ts';
import { addTableInputs, type CompiledInput, compileInput } from './compile-input.ts';
import { type CompiledOutput, compileOutput } from './compile-output.ts';
import { compileRequest, readRequestForm } from './compile-request.ts';
import { compileActionTests } from './compile-tests.ts';
import type { CompiledProperties } from './compiled-property.ts';
import { deriveGroup, type OperationSource, warnUnusedInputs } from './operation-source.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';
import type { TableRequestForm } from './request-form.ts';
import { requireKey } from './require-key.ts';
import type { SourceNode } from './source-node.ts';
import type { ActionYaml, RequestYaml } from './yaml-types.ts';

/** Compiles one action; undefined if it has errors. */
export function compileAction(
  operationSource: OperationSource<ActionYaml>,
  context: CompileContext,
): ActionDefinition | undefined {
  const { yaml, node } = operationSource;
  if (yaml.handler === undefined)
    return compileRequestAction(operationSource, requireKey(yaml, 'request'), context);
  if (yaml.request === undefined) return compileHandlerAction(operationSource, yaml.handler, context);
  const fix = 'remove one of them';
  node.at('handler').error('M106', 'an action has either a request or a handler', { key: true, fix });
  return undefined;
}

function compileHandlerAction(
  { id, yaml, node, table }: OperationSource<ActionYaml>,
  handler: HandlerName,
  context: CompileContext,
): HandlerAction | undefined {
  const input = compileInput(yaml.input ?? {}, new Map(), { node: node.at('input'), context });
  const output = compileOutput(yaml, 'plain', { node, context });
  const tests = compileActionTests(yaml.tests ?? [], { node, context, input, table });
  const { readOnly, bulk = false }: { readonly readOnly: boolean; readonly bulk?: boolean } =
    handlerCatalog[handler];
  const effects = { readOnly, destructive: yaml.destructive === true, idempotent: readOnly, bulk };
  return (
    output && {
      ...commonFields(id, yaml, { node, context }),
      input: input.schema,
      ...output,
      handler,
      effects,
      tests,
    }
  );
}

function compileRequestAction(
  { id, yaml, node, table }: OperationSource<ActionYaml>,
  requestYaml: RequestYaml,
  context: CompileContext,
): RequestAction | undefined {
  const form = readRequestForm(requestYaml, node.at('request'), context);
  if (form === undefined) return undefined;
  const input = compileInput(
    yaml.input ?? {},
    ...inputArguments({ ...yaml, request: requestYaml }, form, { node, context }),
  );
  const scope = createScope(input, form);
  const request = compileRequest(requestYaml, form, { node: node.at('request'), scope, context });
  const output = compileOutput(yaml, form, { node, context });
  const tests = compileActionTests(yaml.tests ?? [], { node, context, input, table });
  const paged = output && compilePagination(yaml, { node, input, output, scope });
  if (request === undefined || output === undefined || paged === undefined) return undefined;
  warnUnusedInputs(yaml.input, scope.used, node);
  const common = commonFields(id, yaml, { node, context });
  const effects = deriveEffects(yaml, request);
  return { ...common, input: input.schema, ...output, request, ...paged, effects, tests };
}

function commonFields(
  id: string,
  { title, description, deprecated }: ActionYaml,
  { node, context }: { node: SourceNode; context: CompileContext },
) {
  const { file } = node.source;
  return omitUndefined({ id, title, description, group: deriveGroup(id, context), deprecated, file });
}

function inputArguments(
  yaml: ActionYaml & { readonly request: RequestYaml },
  form: TableRequestForm | 'plain',
  { node, context }: { node: SourceNode; context: CompileContext },
) {
  const { added, required } = addTableInputs(yaml, form, node);
  return [added, { node: node.at('input'), context, required }] as const;
}

const newRow: CompiledProperties = {
  known: new Map([['id', { type: { kind: 'uuid' }, input: {}, output: {} }]]),
  alwaysPresent: new Set(['id']),
};

function createScope({ properties }: CompiledInput, form: TableRequestForm | 'plain'): PlaceholderScope {
  const creates = form !== 'plain' && form.verb === 'create';
  return { roots: creates ? { input: properties, new: newRow } : { input: properties }, used: new Set() };
}

interface PaginationContext {
  readonly node: SourceNode;
  readonly input: CompiledInput;
  readonly output: CompiledOutput;
  readonly scope: PlaceholderScope;
}

/** Compiles `pagination`: `{ pagination }` for a list, `{}` for any other action; undefined if it has errors. */
function compilePagination(
  { pagination, request }: ActionYaml,
  { node, input, output: { output }, scope }: PaginationContext,
): { readonly pagination?: Pagination } | undefined {
  const at = node.at('pagination');
  if (pagination === undefined) {
    if (output.kind !== 'rows') return {};
    node.error('M115', 'a list needs a limit', { key: true, fix: 'add pagination: { limit: input.limit }' });
    return undefined;
  }
  if (output.kind !== 'rows') {
    at.error('M115', 'only a list has pagination', { key: true, fix: 'remove it' });
    return undefined;
  }
  if (request?.query?.$top !== undefined) {
    node
      .at('request', 'query', '$top')
      .error('M115', 'the limit of a list is set by its pagination', { key: true, fix: 'remove $top' });
    return undefined;
  }
  const limit = pagination.limit.slice('input.'.length);
  const property = input.properties.known.get(limit);
  if (property?.type.kind !== 'integer' || typeof property.input.default !== 'number') {
    const fix = `add ${limit}: { type: integer, minimum: 1, default: 100 } to the input`;
    at.at('limit').error('M115', 'the limit must be an integer input with a default', { fix });
    return undefined;
  }
  scope.used.add(`input.${limit}`);
  return { pagination: { limitInput: limit, defaultLimit: property.input.default } };
}

/** A create is safe to resend, because it carries its own id; calling it twice still creates two rows. */
function deriveEffects({ destructive }: ActionYaml, { method, safety }: RequestTemplate): ActionEffects {
  return {
    readOnly: method === 'GET',
    destructive: destructive === true || safety === 'delete',
    idempotent: safety === 'repeatable' || safety === 'delete',
    bulk: false,
  };
}
