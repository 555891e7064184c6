import type {
  ActionDefinition,
  ActionEffects,
  HandlerAction,
  Pagination,
  RequestAction,
  RequestTemplate,
  StatusInput,
} from '../../model/definition.ts';
import { handlerCatalog, type ManifestHandlerName } from '../../model/handlers.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { customColumnsName } from '../../model/table.ts';
import type { SourceNode } from '../read/source-node.ts';
import type { ActionYaml, PropertyYaml, RequestYaml } from '../read/yaml-types.ts';
import { readColumnInputs } from './compile-column-inputs.ts';
import type { CompileContext } from './compile-context.ts';
import { addTableInputs, type CompiledInput, compileInput } from './compile-input.ts';
import { type CompiledOutput, compileOutput } from './compile-output.ts';
import { compileRequest, readRequestForm } from './compile-request.ts';
import { compileActionTests } from './compile-tests.ts';
import type { CompiledProperties, CompiledProperty } from './compiled-property.ts';
import { deriveGroup, type OperationSource, warnUnusedInputs } from './operation-source.ts';
import type { PlaceholderScope } from './placeholder-scope.ts';
import type { TableRequestForm } from './request-form.ts';
import { requireKey } from './require-key.ts';
import { findTableInfo } from './resolve-refs.ts';

/** Compiles one action; undefined if it has errors. */
export function compileAction(
  operationSource: OperationSource<ActionYaml>,
  context: CompileContext,
): ActionDefinition | undefined {
  const { yaml, node } = operationSource;
  if (node.at('request').isBroken) {
    compileInput(yaml.input ?? {}, new Map(), { node: node.at('input'), context });
    return undefined;
  }
  if (yaml.handler === undefined)
    return compileRequestAction(operationSource, requireKey(yaml, 'request'), context);
  if (yaml.request === undefined) return compileHandlerAction(operationSource, yaml.handler, context);
  const fix = 'remove one of them';
  node.at('handler').error('M106', 'an action has either a request or a handler', { key: true, fix });
  return undefined;
}

function compileHandlerAction(
  source: OperationSource<ActionYaml>,
  handler: ManifestHandlerName,
  context: CompileContext,
): HandlerAction | undefined {
  const { yaml, node, table } = source;
  const input = compileInput(yaml.input ?? {}, new Map(), { node: node.at('input'), context });
  const output = compileOutput(yaml, 'plain', { node, context });
  const tests = compileActionTests(yaml.tests ?? [], { node, context, input, table });
  const { readOnly, bulk = false }: { readonly readOnly: boolean; readonly bulk?: boolean } =
    handlerCatalog[handler];
  const destructive = yaml.destructive === true;
  const effects = { readOnly, destructive, idempotent: readOnly, bulk, ...messageEffect(yaml) };
  return (
    output && {
      ...commonFields(source, context),
      input: input.schema,
      ...output,
      handler,
      effects,
      tests,
    }
  );
}

function compileRequestAction(
  source: OperationSource<ActionYaml>,
  requestYaml: RequestYaml,
  context: CompileContext,
): RequestAction | undefined {
  const { yaml, node, table } = source;
  const form = readRequestForm(requestYaml, node.at('request'), context);
  if (form === undefined) return undefined;
  const output = compileOutput(yaml, form, { node, context });
  const { added, required } = addTableInputs({ ...yaml, request: requestYaml }, form, node);
  const all = new Map([...added, ...rowInputs(requestYaml, form, { output, context })]);
  const input = compileInput(yaml.input ?? {}, all, { node: node.at('input'), context, required });
  const scope = createScope(input, form);
  const request = compileRequest(requestYaml, form, { node: node.at('request'), scope, context });
  const tests = compileActionTests(yaml.tests ?? [], { node, context, input, table });
  const paged = output && compilePagination(yaml, { node, input, output, scope });
  if (request === undefined || output === undefined || paged === undefined) return undefined;
  warnUnusedInputs(yaml.input, scope.used, node);
  const common = commonFields(source, context);
  const effects = deriveEffects(yaml, request);
  const own = Object.keys(yaml.input?.properties ?? {});
  const columnInputs = columnInputNames.filter((name) => all.has(name) && !own.includes(name));
  return omitUndefined({
    ...{ ...common, input: input.schema, ...output, request, ...paged, effects, tests },
    columnInputs: columnInputs.length > 0 ? columnInputs : undefined,
    statusInputs: readStatusInputs(yaml.input?.properties ?? {}, node.at('input', 'properties'), context),
  });
}

/** The inputs with `x-status`; undefined if there are none. */
function readStatusInputs(
  properties: Readonly<Record<string, PropertyYaml>>,
  node: SourceNode,
  context: CompileContext,
): readonly StatusInput[] | undefined {
  const inputs = Object.entries(properties).flatMap(([input, yaml]): readonly StatusInput[] => {
    const { 'x-status': status, 'x-choices': choices = {} } = yaml;
    const table = status && findTableInfo(status.table, node.at(input, 'x-status', 'table'), context);
    return table === undefined || status === undefined
      ? []
      : [{ input, table: table.logicalName, state: status.state, choices }];
  });
  return inputs.length > 0 ? inputs : undefined;
}

const columnInputNames = ['columns', customColumnsName, 'expand'];

/** The inputs that choose the columns of the rows that a read returns. */
function rowInputs(
  { method }: RequestYaml,
  form: TableRequestForm | 'plain',
  { output, context }: { output: CompiledOutput | undefined; context: CompileContext },
): ReadonlyMap<string, CompiledProperty> {
  const isRead = form === 'plain' ? method === 'GET' : ['get', 'list', 'find'].includes(form.verb);
  const name = output !== undefined && 'table' in output.output ? output.output.table : undefined;
  const table = name === undefined ? undefined : context.tables.get(name);
  return isRead && table !== undefined ? readColumnInputs(table) : new Map();
}

/** The members that follow from the file itself. */
export function commonFields(
  { id, yaml: { title, description, keywords, deprecated }, file, from }: OperationSource<ActionYaml>,
  context: CompileContext,
) {
  const group = deriveGroup(id, context);
  return omitUndefined({ id, title, description, group, keywords, deprecated, file, from });
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
  if (at.isBroken) return undefined;
  if (pagination === undefined) {
    if (output.kind !== 'rows') return {};
    node
      .at('request')
      .error('M115', 'a list needs a limit', { key: true, fix: 'add pagination: { limit: input.limit }' });
    return undefined;
  }
  const isJsonList = output.kind === 'json' && ['array', 'names'].includes(output.type?.kind ?? '');
  if (output.kind !== 'rows' && !(isJsonList && request?.method === 'GET')) {
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
function deriveEffects(yaml: ActionYaml, { method, safety }: RequestTemplate): ActionEffects {
  return {
    readOnly: method === 'GET',
    destructive: yaml.destructive === true || safety === 'delete',
    idempotent: safety === 'repeatable' || safety === 'delete',
    bulk: false,
    ...messageEffect(yaml),
  };
}

function messageEffect({ sendsMessage }: ActionYaml): Pick<ActionEffects, 'sendsMessage'> {
  return sendsMessage === true ? { sendsMessage } : {};
}
