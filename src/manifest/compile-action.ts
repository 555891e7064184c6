import {
  type ActionDefinition,
  type Effects,
  type HandlerAction,
  type HandlerName,
  handlers,
  type Pagination,
  type RequestAction,
  type RequestTemplate,
} from '../model/definition.ts';
import { addedInputs, type CompiledInput, compileInput } from './compile-input.ts';
import { type CompiledOutput, compileOutput } from './compile-output.ts';
import { compileRequest, readForm } from './compile-request.ts';
import { compileActionTests } from './compile-tests.ts';
import { groupOf, lintInputs, type Sentence } from './operation.ts';
import type { Properties } from './property.ts';
import type { Verb } from './request-form.ts';
import type { Scope } from './scope.ts';
import type { ActionYaml, RequestYaml } from './shapes.ts';
import type { Site } from './site.ts';
import type { Workshop } from './workshop.ts';

/** Compiles one action; undefined after a fault. */
export function compileAction(sentence: Sentence<ActionYaml>, shop: Workshop): ActionDefinition | undefined {
  const { yaml, site } = sentence;
  if (yaml.handler === undefined) return compileRequestAction(sentence, yaml.request!, shop);
  if (yaml.request === undefined) return compileHandlerAction(sentence, yaml.handler, shop);
  const fix = 'leave one out';
  site.at('handler').error('M106', 'a request and a handler are two ways to do it', { key: true, fix });
  return undefined;
}

function compileHandlerAction(
  { id, yaml, site, table }: Sentence<ActionYaml>,
  handler: HandlerName,
  shop: Workshop,
): HandlerAction | undefined {
  const input = compileInput(yaml.input ?? {}, new Map(), { site: site.at('input'), shop });
  const output = compileOutput(yaml, 'plain', { site, shop });
  const tests = compileActionTests(yaml.tests ?? [], { site, shop, input, table });
  const { readOnly, bulk = false }: { readonly readOnly: boolean; readonly bulk?: boolean } =
    handlers[handler];
  const effects = { readOnly, destructive: yaml.destructive === true, idempotent: readOnly, bulk };
  return (
    output && {
      ...wordsOf(id, yaml, { site, shop }),
      input: input.schema,
      ...output,
      handler,
      effects,
      tests,
    }
  );
}

function compileRequestAction(
  { id, yaml, site, table }: Sentence<ActionYaml>,
  requestYaml: RequestYaml,
  shop: Workshop,
): RequestAction | undefined {
  const form = readForm(requestYaml, site.at('request'), shop);
  if (form === undefined) return undefined;
  const input = compileInput(
    yaml.input ?? {},
    ...inputsOf({ ...yaml, request: requestYaml }, form, { site, shop }),
  );
  const scope = scopeOf(input, form);
  const request = compileRequest(requestYaml, form, { site: site.at('request'), scope, shop });
  const output = compileOutput(yaml, form, { site, shop });
  const tests = compileActionTests(yaml.tests ?? [], { site, shop, input, table });
  const paged = output && compilePagination(yaml, { site, input, output, scope });
  if (request === undefined || output === undefined || paged === undefined) return undefined;
  lintInputs(yaml.input, scope.used, site);
  const words = wordsOf(id, yaml, { site, shop });
  const effects = effectsOf(yaml, request);
  return { ...words, input: input.schema, ...output, request, ...paged, effects, tests };
}

function wordsOf(
  id: string,
  { title, description, deprecated }: ActionYaml,
  { site, shop }: { site: Site; shop: Workshop },
) {
  const { file } = site.source;
  return { id, title, description, group: groupOf(id, shop), ...(deprecated && { deprecated }), file };
}

function inputsOf(
  yaml: ActionYaml & { readonly request: RequestYaml },
  form: Verb | 'plain',
  { site, shop }: { site: Site; shop: Workshop },
) {
  const { added, required } = addedInputs(yaml, form, site);
  return [added, { site: site.at('input'), shop, required }] as const;
}

const newRow: Properties = {
  known: new Map([['id', { type: { kind: 'uuid' }, input: {}, output: {} }]]),
  present: new Set(['id']),
};

function scopeOf({ properties }: CompiledInput, form: Verb | 'plain'): Scope {
  const creates = form !== 'plain' && form.verb === 'create';
  return { roots: { input: properties, ...(creates && { new: newRow }) }, used: new Set() };
}

interface PaginationContext {
  readonly site: Site;
  readonly input: CompiledInput;
  readonly output: CompiledOutput;
  readonly scope: Scope;
}

/** `{ pagination }` for a list, `{}` for anything else; undefined after a fault. */
function compilePagination(
  { pagination, request }: ActionYaml,
  { site, input, output: { output }, scope }: PaginationContext,
): { readonly pagination?: Pagination } | undefined {
  const at = site.at('pagination');
  if (pagination === undefined) {
    if (output.kind !== 'rows') return {};
    site.error('M115', 'a list needs a limit', { key: true, fix: 'add pagination: { limit: input.limit }' });
    return undefined;
  }
  if (output.kind !== 'rows') {
    at.error('M115', 'only a list is paged', { key: true, fix: 'leave it out' });
    return undefined;
  }
  if (request?.query?.$top !== undefined) {
    site
      .at('request', 'query', '$top')
      .error('M115', 'the limit of a list is its pagination', { key: true, fix: 'leave $top out' });
    return undefined;
  }
  const limit = pagination.limit.slice('input.'.length);
  const property = input.properties.known.get(limit);
  if (property?.type.kind !== 'integer' || typeof property.input.default !== 'number') {
    const fix = `add ${limit}: { type: integer, minimum: 1, default: 100 } to the input`;
    at.at('limit').error('M115', 'the limit must be a whole number of the input, with a default', { fix });
    return undefined;
  }
  scope.used.add(`input.${limit}`);
  return { pagination: { limit, default: property.input.default } };
}

/** A create with an id of our own may be resent, but calling it twice makes two rows. */
function effectsOf({ destructive }: ActionYaml, { method, safety }: RequestTemplate): Effects {
  return {
    readOnly: method === 'GET',
    destructive: destructive === true || safety === 'delete',
    idempotent: safety === 'repeatable' || safety === 'delete',
    bulk: false,
  };
}
