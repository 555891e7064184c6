/** What to write instead of a key that authors know from other formats, and that has no counterpart of a similar name. */
const hints: Readonly<Record<string, string>> = {
  if: 'there are no conditions: the workflow of the host decides',
  when: 'there are no conditions: the workflow of the host decides',
  condition: 'there are no conditions: the workflow of the host decides',
  foreach: 'there are no loops: the workflow of the host repeats an action',
  loop: 'there are no loops: the workflow of the host repeats an action',
  repeat: 'there are no loops: the workflow of the host repeats an action',
  select: 'remove it: callers choose the columns of a row with the input "columns"',
  fields: 'remove it: callers choose the columns of a row with the input "columns"',
  filter: 'write where: ["column eq {{input.value}}"]',
  $filter: 'write where: ["column eq {{input.value}}"]',
  $orderby: 'write orderBy: "createdon desc"',
  sort: 'write orderBy: "createdon desc"',
  top: 'write pagination: { limit: input.limit } beside the request',
  $top: 'write pagination: { limit: input.limit } beside the request',
  limit: 'write pagination: { limit: input.limit } beside the request',
  set: 'write entitySet: incidents, the name of the table in an address of the Web API',
  body: 'write values: { column: "{{input.value}}" } with our names',
  data: 'write values: { column: "{{input.value}}" } with our names',
  url: 'write path: /accounts({{input.id}}), relative to the Web API',
  params: 'write input: { properties: ... }',
  parameters: 'write input: { properties: ... }',
  inputs: 'write input: { properties: ... }',
  outputs: 'write output: { ... }',
  uses: 'write action: account.create',
  call: 'write action: account.create',
  with: 'write input: { id: "{{input.id}}" }',
  args: 'write input: { id: "{{input.id}}" }',
  interval: 'write every: 60s',
  schedule: 'write every: 60s',
  poll: 'write watch: { table, changes, every }',
  anyOf: 'write one type; choices are x-choices, references are x-lookup',
  oneOf: 'write one type; choices are x-choices, references are x-lookup',
  allOf: 'write the properties in one place',
  nullable: 'remove it: an update accepts null for every column that can be cleared',
  readonly: 'write readOnly: true',
  id: 'remove it: the id of an action is its file name',
  name: 'write title: ...; the id of an action is its file name',
  version: 'remove it: the version of an action is in its file name, case.create.v2.yaml',
};

/** The keys that some of these names stand for. */
const standsFor: Readonly<Record<string, string>> = {
  body: 'values',
  data: 'values',
  filter: 'where',
  $filter: 'where',
  sort: 'orderBy',
  $orderby: 'orderBy',
  url: 'path',
  set: 'entitySet',
  uses: 'action',
  call: 'action',
  with: 'input',
  args: 'input',
  interval: 'every',
  schedule: 'every',
};

/** The key that a name of another format stands for, if it is allowed here. */
export function findMeantKey(name: string, allowed: readonly string[]): string | undefined {
  const key = Object.hasOwn(standsFor, name) ? standsFor[name] : undefined;
  return key !== undefined && allowed.includes(key) ? key : undefined;
}

/** JSON Schemas of objects usually have these two keys; an input has neither. */
const impliedByInput = ['type', 'additionalProperties'];

/** Keys of an action that stand beside its request. */
const besideRequest = ['input', 'output', 'pagination', 'steps', 'returns', 'tests'];

/** Why a key is not allowed here and what to write instead; undefined if nothing is known about it. */
export function explainUnknownKey(tokens: readonly string[]): string | undefined {
  const name = tokens.at(-1) ?? '';
  if (['id', 'name', 'version'].includes(name) && tokens.length > 1) return undefined;
  if (tokens.length === 2 && tokens[0] === 'input' && impliedByInput.includes(name))
    return 'remove it: an input is always an object without additional properties';
  if (tokens.length === 2 && tokens[0] === 'request' && besideRequest.includes(name))
    return `move ${name} to the start of a line: it stands ${name === 'steps' ? 'in place of' : 'beside'} the request`;
  return Object.hasOwn(hints, name) ? hints[name] : undefined;
}
