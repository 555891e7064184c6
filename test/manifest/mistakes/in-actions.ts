import { change, type Mistake } from './mistake.ts';

const update = change(
  'actions/case.raise.yaml',
  `title: Raise case
description: Raises the priority of a case.
input:
  required: [id]
  properties:
    id: { $ref: ../schemas/tables/case.yaml#/properties/id }
    reason: { title: Reason, type: string, maxLength: 200 }
    level: { title: Level, type: integer, default: 1 }
    asked: { title: Asked on, type: string, format: date-time }
    parent: { $ref: ../schemas/tables/case.yaml#/properties/parent }
request:
  update: case
  id: "{{input.id}}"
  values: { priority: high, escalated: true, title: "{{input.reason}}" }
tests:
  - { name: an id is needed, input: {}, fails: { code: INPUT_INVALID } }
`,
);

const post = change(
  'actions/case.raise.yaml',
  `title: Raise case
description: Raises the priority of a case.
input:
  required: [id]
  properties:
    id: { $ref: ../schemas/tables/case.yaml#/properties/id }
    reason: { title: Reason, type: string, maxLength: 200 }
    level: { title: Level, type: integer }
request:
  method: POST
  path: /incidents({{input.id}})/Microsoft.Dynamics.CRM.new_Raise
  body: { Reason: "{{input.reason}}", Level: "{{input.level}}" }
tests:
  - { name: an id is needed, input: {}, fails: { code: INPUT_INVALID } }
`,
);

const find = change(
  'actions/case.seek.yaml',
  `title: Seek cases
description: Lists cases.
input:
  properties:
    text: { title: Text, type: string, maxLength: 200 }
    priority: { $ref: ../schemas/tables/case.yaml#/properties/priority }
    limit: { title: Limit, type: integer, minimum: 1, default: 50 }
request:
  list: case
  where:
    - prioritycode eq {{input.priority}}
    - contains(title, {{input.text}})
pagination: { limit: input.limit }
tests:
  - { name: a limit is a number, input: { limit: x }, fails: { code: INPUT_INVALID } }
`,
);

/** A literal text that begins like a variable of a shell. */
const dollar = '$';

const inYaml: readonly Mistake[] = [
  update('a placeholder without quotes', 'id: "{{input.id}}"', 'id: {{input.id}}', {
    code: 'Y106',
    at: '{{input.id}}',
    says: /placeholder needs quotes/,
    fix: /write "\{\{input.id\}\}"/,
    edit: '"{{input.id}}"',
  }),
  post(
    'text after a placeholder without quotes',
    'Reason: "{{input.reason}}"',
    'Reason: {{input.reason}} !',
    {
      code: 'Y101',
      at: '{{input.reason}} !',
      says: /placeholder needs quotes/,
      edit: '"{{input.reason}} !"',
    },
  ),
  find(
    'a clause without quotes in brackets',
    'where:\n    - prioritycode eq {{input.priority}}\n    - contains(title, {{input.text}})',
    'where: [prioritycode eq {{input.priority}}]',
    {
      code: 'Y101',
      at: 'prioritycode eq {{input.priority}}',
      says: /placeholder needs quotes/,
      edit: '"prioritycode eq {{input.priority}}"',
    },
  ),
  update('a tab', '  update: case', '\tupdate: case', {
    code: 'Y101',
    at: '\t',
    says: /tab/,
    fix: /spaces/,
    edit: '  ',
  }),
  update('a missing colon', 'request:\n', 'request\n', {
    code: 'Y101',
    at: 'request',
    says: /colon after "request"/,
    fix: /request:/,
    edit: ':',
  }),
  update('a key too far to the left', '  update: case', 'update: case', {
    code: 'Y101',
    at: 'update',
    says: /not indented below "request"/,
    fix: /2 spaces/,
    edit: '  ',
  }),
  update('a key too far to the right', '    reason:', '      reason:', {
    code: 'Y101',
    at: 'reason',
    says: /deeper than the line above/,
    fix: /4 spaces/,
    edit: '    ',
  }),
  update('a dash before a key', '    reason:', '    - reason:', {
    code: 'Y101',
    at: '-',
    says: /list item/,
    fix: /remove/,
    edit: '',
  }),
  update('a colon in a text', 'title: Raise case', 'title: Case: raise', {
    code: 'Y101',
    at: 'Case: raise',
    says: /": " in it needs quotes/,
    edit: '"Case: raise"',
  }),
  update('a quote that is not closed', '"{{input.id}}"', '"{{input.id}}', {
    code: 'Y101',
    at: '"',
    says: /not closed/,
    fix: /./,
  }),
  update('a bracket that is not closed', 'required: [id]', 'required: [id', {
    code: 'Y101',
    at: '[',
    says: /"\[" is not closed/,
    fix: /add \]/,
  }),
  update(
    'a brace that is not closed',
    '{ title: Level, type: integer, default: 1 }',
    '{ title: Level, type: integer',
    { code: 'Y101', at: '{', says: /"\{" is not closed/, fix: /add \}/ },
  ),
  update('a key twice', 'description: Raises', 'title: Other\ndescription: Raises', {
    code: 'Y102',
    at: 'title',
    says: /"title" stands twice/,
    fix: /remove one/,
    related: 'title',
  }),
  update('a merge key', '{ title: Level, type', '{ <<: { title: Level }, type', {
    code: 'Y103',
    at: '<<',
    says: /merge key/,
    fix: /repeat/,
  }),
  update('two documents', 'tests:', '---\ntests:', {
    code: 'Y105',
    at: '---',
    says: /second document/,
    fix: /---/,
  }),
  {
    name: 'an empty file',
    file: 'actions/case.raise.yaml',
    text: '',
    code: 'Y105',
    at: '',
    says: /empty/,
    fix: /delete the file/,
  },
  update('quotes of a word processor', '"{{input.id}}"', '“{{input.id}}”', {
    code: 'Y108',
    at: '“{{input.id}}”',
    says: /not the quotes of YAML/,
    edit: '"{{input.id}}"',
  }),
  update('an at sign at the beginning', 'description: Raises the priority of a case.', 'description: @todo', {
    code: 'Y101',
    at: '@todo',
    says: /begins with @ needs quotes/,
    edit: '"@todo"',
  }),
  update('an alias', 'title: Raise case', 'title: &t Raise case', {
    code: 'Y103',
    at: 'Raise case',
    says: /anchor/,
    fix: /remove/,
  }),
];

const inNames: readonly Mistake[] = [
  update('a name in another script', '    level:', '    级别:', {
    code: 'M102',
    at: '级别',
    says: /not an allowed name/,
    fix: /letter from a to z/,
  }),
  update('a misspelled key', 'description: Raises', 'descripton: Raises', {
    code: 'M102',
    at: 'descripton',
    says: /unknown/,
    fix: /description/,
    edit: 'description',
  }),
  update('a misspelled inner key', 'required: [id]', 'requried: [id]', {
    code: 'M102',
    at: 'requried',
    says: /unknown/,
    fix: /required/,
    edit: 'required',
  }),
  update('a condition', 'request:\n', 'if: "{{input.reason}}"\nrequest:\n', {
    code: 'M102',
    at: 'if',
    says: /unknown/,
    fix: /no conditions/,
  }),
  update('a body instead of values', 'values:', 'body:', {
    code: 'M102',
    at: 'body',
    says: /not allowed here/,
    fix: /values/,
  }),
  find('a filter instead of where', '  where:', '  filter:', {
    code: 'M102',
    at: 'filter',
    says: /not allowed|unknown/,
    fix: /where/,
  }),
  update('columns chosen by the author', '  update: case\n', '  update: case\n  select: [title]\n', {
    code: 'M102',
    at: 'select',
    says: /not allowed here/,
    fix: /"columns"/,
  }),
  update('two verbs', '  update: case\n', '  update: case\n  get: case\n', {
    code: 'M106',
    at: 'request',
    says: /one verb, not get and update/,
    fix: /one of/,
  }),
  update('no verb', '  update: case\n', '', {
    code: 'M106',
    at: 'request',
    says: /no verb/,
    fix: /get, list/,
  }),
  update('an unknown name in a placeholder', '{{input.reason}}', '{{input.raeson}}', {
    code: 'T104',
    at: '{{input.raeson}}',
    says: /no property "raeson"/,
    fix: /input\.reason/,
    edit: '{{input.reason}}',
  }),
  update('a placeholder without its root', '{{input.reason}}', '{{reason}}', {
    code: 'T104',
    at: '{{reason}}',
    says: /no "reason" here/,
    edit: '{{input.reason}}',
  }),
  update('a misspelled root', '{{input.reason}}', '{{inputs.reason}}', {
    code: 'T104',
    at: '{{inputs.reason}}',
    says: /no "inputs" here/,
    edit: '{{input.reason}}',
  }),
  update('another case of letters', '{{input.reason}}', '{{input.Reason}}', {
    code: 'T104',
    at: '{{input.Reason}}',
    says: /no property "Reason"/,
    edit: '{{input.reason}}',
  }),
  update('a member of a text', '{{input.reason}}', '{{input.reason.value}}', {
    code: 'T104',
    at: '{{input.reason.value}}',
    says: /no property "value"/,
    fix: /\{\{input\.reason\}\}/,
  }),
  update('a helper', '{{input.reason}}', '{{upper input.reason}}', {
    code: 'T102',
    at: '{{upper input.reason}}',
    says: /no functions, such as upper/,
    edit: '{{input.reason}}',
  }),
  update('a filter of a template', '"{{input.reason}}"', '\'{{ input.reason | default("x") }}\'', {
    code: 'T101',
    at: '{{ input.reason | default("x") }}',
    says: /no filters/,
    fix: /"default"/,
  }),
  update('a placeholder that is not closed', '{{input.reason}}', '{{input.reason}', {
    code: 'T101',
    at: '{{input.reason}',
    says: /not closed/,
    edit: '{{input.reason}}',
  }),
  update('single braces', 'title: "{{input.reason}}"', 'title: "{input.reason}"', {
    code: 'T103',
    at: '{input.reason}',
    says: /two braces/,
    edit: '{{input.reason}}',
  }),
  update('a variable of a shell', 'id: "{{input.id}}"', `id: "${dollar}{input.id}"`, {
    code: 'T113',
    at: `${dollar}{input.id}`,
    says: /not the id of a row/,
    edit: '{{input.id}}',
  }),
  update('a placeholder in the title', 'title: Raise case', 'title: "Raise {{input.reason}}"', {
    code: 'T109',
    at: '{{',
    says: /not allowed here/,
    fix: /without placeholders/,
  }),
  post('a placeholder as a key', 'Reason: "{{input.reason}}"', '"{{input.reason}}": 1', {
    code: 'T109',
    at: '"{{input.reason}}"',
    says: /name of a property/,
    fix: /write the name itself/,
  }),
  update("Dataverse's name of a column", 'priority: high', 'prioritycode: high', {
    code: 'S111',
    at: 'prioritycode',
    says: /no column "prioritycode"/,
    fix: /our name/,
    edit: 'priority',
  }),
  update("Dataverse's name of a table", 'update: case', 'update: incident', {
    code: 'S102',
    at: 'incident',
    says: /no table "incident"/,
    fix: /write case/,
    edit: 'case',
  }),
  update('a misspelled table', 'update: case', 'update: csae', {
    code: 'S102',
    at: 'csae',
    says: /no table "csae"/,
    edit: 'case',
  }),
  update('a column that only Dataverse writes', 'priority: high', 'state: resolved', {
    code: 'S111',
    at: 'state',
    says: /cannot be written/,
    fix: /action of its own, such as resolve/,
  }),
  update('an unknown column in a reference', 'properties/id', 'properties/ident', {
    code: 'S101',
    at: '../schemas/tables/case.yaml#/properties/ident',
    says: /no property "ident"/,
    fix: /id, /,
  }),
  update('a reference without a slash', '#/properties/id', '#properties/id', {
    code: 'M104',
    at: '../schemas/tables/case.yaml#properties/id',
    says: /must look like/,
    edit: 'case#id',
  }),
  update('a reference to another file', '../schemas/tables/case.yaml#/properties/id', '../../../etc/passwd', {
    code: 'M104',
    at: '../../../etc/passwd',
    says: /must look like/,
    fix: /case#state/,
  }),
  {
    name: 'an upper-case file name',
    file: 'actions/Case.Raise.yaml',
    text: 'title: x',
    code: 'M101',
    at: 't',
    says: /no file with this name/,
    fix: /rename it to actions\/case\.raise\.yaml/,
  },
  {
    name: 'a folder',
    file: 'actions/case/raise.yaml',
    text: 'title: x',
    code: 'M101',
    at: 't',
    says: /no file with this name/,
    fix: /rename it to actions\/case\.raise\.yaml/,
  },
];

const inValues: readonly Mistake[] = [
  update('an unknown label', 'priority: high', 'priority: urgent', {
    code: 'S112',
    at: 'urgent',
    says: /"priority" must be one of: high/,
    fix: /one of: high, normal, low/,
  }),
  update('a label with another case', 'priority: high', 'priority: High', {
    code: 'S112',
    at: 'High',
    says: /must be one of/,
    edit: 'high',
  }),
  update('yes instead of true', 'escalated: true', 'escalated: yes', {
    code: 'S112',
    at: 'yes',
    says: /true or false/,
    edit: 'true',
  }),
  update('a number into a lookup', 'priority: high', 'parent: "{{input.level}}"', {
    code: 'T105',
    at: '{{input.level}}',
    says: /takes a lookup, not an integer/,
    fix: /\$ref/,
  }),
  update('a lookup into a text', '{{input.reason}}', '{{input.parent}}', {
    code: 'T105',
    at: '{{input.parent}}',
    says: /takes free text, not a lookup/,
    fix: /\$ref/,
  }),
  update('text as a type', 'type: string, maxLength', 'type: text, maxLength', {
    code: 'M104',
    at: 'text',
    says: /one of: string/,
    edit: 'string',
  }),
  update('datetime as a format', 'format: date-time', 'format: datetime', {
    code: 'M104',
    at: 'datetime',
    says: /one of: uuid/,
    edit: 'date-time',
  }),
  update('a misspelled keyword', 'maxLength: 200', 'maxLenght: 200', {
    code: 'M102',
    at: 'maxLenght',
    says: /unknown/,
    edit: 'maxLength',
  }),
  update('a default of another type', 'default: 1', 'default: high', {
    code: 'S114',
    at: 'high',
    says: /whole number/,
    fix: /correct it/,
  }),
  update('a default in quotes', 'default: 1', 'default: "1"', {
    code: 'S114',
    at: '"1"',
    says: /whole number/,
    edit: '1',
  }),
  update('one name instead of a list', 'required: [id]', 'required: id', {
    code: 'M104',
    at: 'id',
    says: /"required" must be a list/,
    edit: '[id]',
  }),
  update('an unknown error code', 'INPUT_INVALID', 'INPUT_WRONG', {
    code: 'M104',
    at: 'INPUT_WRONG',
    says: /not known/,
    fix: /INPUT_INVALID/,
  }),
  update('an answer without its request', 'fails: { code: INPUT_INVALID }', 'receives: { status: 200 }', {
    code: 'M103',
    at: 'name',
    says: /"receives" also needs "sends"/,
    fix: /both/,
  }),
  post('a value that nothing uses', '"{{input.reason}}"', 'New', {
    code: 'S113',
    at: 'reason',
    says: /not used/,
    fix: /remove it/,
  }),
];

const inRequests: readonly Mistake[] = [
  update('an update without an id', '  id: "{{input.id}}"\n', '', {
    code: 'M103',
    at: 'request',
    says: /"id" is required/,
    fix: /^add id: "\{\{input\.id\}\}"$/,
  }),
  post('a method without a path', '  path: /incidents({{input.id}})/Microsoft.Dynamics.CRM.new_Raise\n', '', {
    code: 'M103',
    at: 'request',
    says: /"path" is required/,
    fix: /path:/,
  }),
  post('a path without a slash', 'path: /incidents', 'path: incidents', {
    code: 'Q101',
    at: 'incidents(',
    says: /begins with "\/"/,
    fix: /beginning/,
  }),
  post('a whole address', 'path: /incidents', 'path: https://contoso.crm.dynamics.com/incidents', {
    code: 'M108',
    at: 'https://contoso.crm.dynamics.com/incidents({{input.id}})/Microsoft.Dynamics.CRM.new_Raise',
    says: /relative/,
    fix: /write \/set/,
  }),
  post('a query in the path', 'new_Raise', 'new_Raise?$top=1', {
    code: 'Q101',
    at: '?',
    says: /no query/,
    fix: /"query"/,
  }),
  post('a value in a path that can be missing', '({{input.id}})', '({{input.level}})', {
    code: 'T108',
    at: '{{input.level}}',
    says: /optional/,
    fix: /required/,
  }),
  post(
    'a text as an id',
    'body: { Reason: "{{input.reason}}"',
    'body: { new_owner@odata.bind: "/systemusers({{input.reason}})"',
    { code: 'T105', at: '{{input.reason}}', says: /identified by an id/, fix: /uuid/ },
  ),
  post('a lower-case method', 'method: POST', 'method: post', {
    code: 'M104',
    at: 'post',
    says: /one of: GET/,
    edit: 'POST',
  }),
  post('a body on a GET', 'method: POST', 'method: GET', {
    code: 'M107',
    at: 'body',
    says: /a GET has no body/,
    fix: /remove/,
  }),
  post('an option that is not supported', '  body:', '  query: { $skip: "5" }\n  body:', {
    code: 'M109',
    at: '$skip',
    says: /not supported|set by the engine/,
    fix: /remove/,
  }),
  find('quotes around a placeholder', '{{input.text}})', "'{{input.text}}')", {
    code: 'T106',
    at: "'{{input.text}}'",
    says: /between quotes/,
    edit: '{{input.text}}',
  }),
  find('two equal signs', 'prioritycode eq', 'prioritycode ==', {
    code: 'Q101',
    at: '=',
    says: /expected eq/,
    fix: /write eq/,
  }),
  find('our name in a filter', 'prioritycode eq', 'priority eq', {
    code: 'S120',
    at: 'priority',
    says: /not the name of the column in a filter/,
    fix: /prioritycode/,
  }),
  find('a misspelled column in a filter', 'prioritycode eq', 'prioritycod eq', {
    code: 'S120',
    at: 'prioritycod',
    says: /no column/,
    fix: /prioritycode/,
  }),
  find('a list without a limit', 'pagination: { limit: input.limit }\n', '', {
    code: 'M115',
    at: 'request',
    says: /needs a limit/,
    fix: /pagination/,
  }),
  find('a limit that is no input', 'limit: input.limit', 'limit: input.max', {
    code: 'M115',
    at: 'input.max',
    says: /must be an integer input/,
    fix: /add max/,
  }),
  find('a limit as a placeholder', 'limit: input.limit', 'limit: "{{input.limit}}"', {
    code: 'M104',
    at: '"{{input.limit}}"',
    says: /must look like/,
    edit: 'input.limit',
  }),
];

export const mistakesInActions = [...inYaml, ...inNames, ...inValues, ...inRequests];
