import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import {
  type CodeAction,
  type CompletionItem,
  createProtocolConnection,
  type Hover,
  type Location,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { cliCommand, cliEnvironment } from './run-cli.ts';

const root = new URL('../../../', import.meta.url);
const connector = `manifestVersion: 1
id: contoso-service
version: 1.0.0
title: Contoso Service
description: Customer Service of Contoso.
extends: ./base
`;
const ticket = `x-table: { name: new_ticket, entitySet: new_tickets, key: new_ticketid, primaryName: new_name, plural: Tickets }
title: Ticket
description: A ticket for the workshop.
required: [name]
operations: [get]
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_ticketid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name }
  color: { title: Color, x-column: new_color, x-choices: { red: 1, green: 2 } }
`;
const action = (request: string) => `title: Paint ticket
description: Gives a ticket a color.
input:
  required: [id]
  properties:
    id: { $ref: ticket#id }
    color: { $ref: ticket#color }
${request}`;

/** Where the cursor is. */
const cursor = '█';

describe('d365 lsp', () => {
  let folder: string;
  let server: ChildProcess;
  let editor: ProtocolConnection;
  const uriOf = (file: string) => pathToFileURL(join(folder, file)).href;
  const published = new Map<string, PublishDiagnosticsParams>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-lsp-'));
    for (const part of ['connector.yaml', 'actions', 'triggers', 'schemas'])
      await cp(new URL(part, root), join(folder, 'base', part), { recursive: true });
    await writeFile(join(folder, 'connector.yaml'), connector);
    const tables = join(folder, 'schemas/tables');
    await cp(new URL('schemas/manifest', root), join(folder, 'schemas/manifest'), { recursive: true });
    await cp(new URL('schemas/tables', root), tables, {
      recursive: true,
      filter: (path) => !path.endsWith('.yaml'),
    });
    await writeFile(join(tables, 'ticket.yaml'), ticket);
    const { command, args } = await cliCommand(['lsp']);
    server = spawn(command, args, { env: cliEnvironment(folder), stdio: ['pipe', 'pipe', 'inherit'] });
    editor = createProtocolConnection(
      new StreamMessageReader(server.stdout!),
      new StreamMessageWriter(server.stdin!),
    );
    editor.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      published.set(params.uri, params);
    });
    editor.listen();
    await editor.sendRequest('initialize', { processId: null, rootUri: uriOf(''), capabilities: {} });
  });
  after(async () => {
    editor.dispose();
    server.kill();
    await rm(folder, { recursive: true });
  });

  let version = 0;
  /** Opens a text with a cursor in the editor. */
  const open = async (file: string, marked: string) => {
    const at = marked.indexOf(cursor);
    const text = marked.replace(cursor, '');
    const before = text.slice(0, Math.max(at, 0)).split('\n');
    const textDocument = { uri: uriOf(file), languageId: 'yaml', version: ++version, text };
    await editor.sendNotification('textDocument/didOpen', { textDocument });
    return {
      textDocument: { uri: textDocument.uri },
      position: { line: before.length - 1, character: before.at(-1)!.length },
    };
  };
  const complete = async (file: string, marked: string) => {
    const place = await open(file, marked);
    const items = await editor.sendRequest<CompletionItem[]>('textDocument/completion', place);
    await editor.sendNotification('textDocument/didClose', { textDocument: place.textDocument });
    return items;
  };
  const waitForDiagnostics = async (uri: string) => {
    for (let tries = 0; tries < 400 && !published.has(uri); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return published.get(uri)?.diagnostics ?? [];
  };
  const diagnosticsOf = async (file: string, text: string) => {
    published.delete(uriOf(file));
    await open(file, text);
    return await waitForDiagnostics(uriOf(file));
  };

  const file = 'actions/ticket.paint.yaml';
  const places: readonly (readonly [
    what: string,
    file: string,
    text: string,
    expected: readonly string[],
  ])[] = [
    [
      'the keys of an action',
      file,
      `title: x\n${cursor}`,
      ['description', 'input', 'request', 'tests', 'replaces'],
    ],
    ['the verbs of a request', file, action(`request:\n  ${cursor}`), ['get', 'update', 'method', 'path']],
    [
      'the keys beside a verb, in brackets',
      file,
      action(`request: { update: ticket, ${cursor} }`),
      ['id', 'values', 'headers'],
    ],
    ['tables after a verb', file, action(`request:\n  update: ${cursor}`), ['ticket', 'case', 'account']],
    [
      'columns in values',
      file,
      action(`request:\n  update: ticket\n  values:\n    ${cursor}`),
      ['name', 'color'],
    ],
    [
      'columns in values in brackets',
      file,
      action(`request:\n  update: ticket\n  values: { name: x, ${cursor} }`),
      ['color'],
    ],
    [
      'columns behind a text with an apostrophe',
      file,
      action(`request:\n  update: ticket\n  values: { name: Tom's, ${cursor} }`),
      ['color'],
    ],
    [
      'labels of a choice',
      file,
      action(`request:\n  update: ticket\n  values: { color: ${cursor} }`),
      ['red', 'green'],
    ],
    [
      'true and false',
      file,
      action(`request: { method: POST, path: /x }\ndestructive: ${cursor}`),
      ['true', 'false'],
    ],
    [
      'inputs in a placeholder',
      file,
      action(`request:\n  update: ticket\n  id: "{{${cursor}`),
      ['input.id', 'input.color'],
    ],
    [
      'inputs after their root',
      file,
      action(`request:\n  update: ticket\n  id: "{{input.${cursor}}}"`),
      ['input.id', 'input.color'],
    ],
    ['methods', file, action(`request:\n  method: ${cursor}`), ['GET', 'POST', 'PATCH']],
    [
      'tables in a reference',
      file,
      `title: x\ninput:\n  properties:\n    id: { $ref: ${cursor} }`,
      ['ticket', 'case'],
    ],
    [
      'columns in a reference',
      file,
      `title: x\ninput:\n  properties:\n    id: { $ref: ticket#${cursor} }`,
      ['ticket#id', 'ticket#color'],
    ],
    [
      'types of an input',
      file,
      `title: x\ninput:\n  properties:\n    n: { type: ${cursor} }`,
      ['string', 'integer', 'boolean'],
    ],
    [
      'formats of an input',
      file,
      `title: x\ninput:\n  properties:\n    n:\n      type: string\n      format: ${cursor}`,
      ['uuid', 'date-time'],
    ],
    [
      'names that can be required',
      file,
      `title: x\ninput:\n  properties:\n    id: { $ref: ticket#id }\n  required: [${cursor}]`,
      ['id'],
    ],
    [
      'error codes of a test',
      file,
      action(
        `request: { get: ticket, id: "{{input.id}}" }\ntests:\n  - name: x\n    input: {}\n    fails: { code: ${cursor} }`,
      ),
      ['INPUT_INVALID', 'NOT_FOUND'],
    ],
    [
      'inputs of a test',
      file,
      action(`request: { get: ticket, id: "{{input.id}}" }\ntests:\n  - name: x\n    input: { ${cursor} }`),
      ['id', 'color'],
    ],
    [
      "Dataverse's names in a filter",
      file,
      action(`request:\n  list: case\n  where:\n    - ${cursor}`),
      ['prioritycode', '_customerid_value'],
    ],
    [
      'changes of a trigger',
      'triggers/ticket.turned.yaml',
      `title: x\nwatch:\n  table: ticket\n  changes: [${cursor}]`,
      ['created', 'updated', 'deleted'],
    ],
    [
      'watched columns',
      'triggers/ticket.turned.yaml',
      `title: x\nwatch:\n  table: ticket\n  columns: [${cursor}]`,
      ['name', 'color'],
    ],
    [
      'operations of a table',
      'schemas/tables/ticket.yaml',
      ticket.replace('[get]', `[${cursor}]`),
      ['all', 'get', 'list', 'created'],
    ],
    [
      'the actions of a step',
      file,
      action(`steps:\n  - { name: old, action: ${cursor} }`),
      ['ticket.get', 'case.create'],
    ],
    [
      'the inputs of the action of a step',
      file,
      action(`steps:\n  - { name: old, action: ticket.get, input: { ${cursor} } }`),
      ['id'],
    ],
    [
      'the inputs of the action of a later step, in lines of their own',
      file,
      action(
        `steps:\n  - { name: old, action: ticket.get, input: { id: "{{input.id}}" } }\n  - action: case.create\n    input:\n      title: x\n      ${cursor}`,
      ),
      ['customer', 'priority'],
    ],
    [
      'labels and references in the input of a step',
      file,
      action(
        `steps:\n  - { name: old, action: ticket.get, input: { id: "{{input.id}}" } }\n  - { action: case.create, input: { priority: ${cursor} } }`,
      ),
      ['high', '{ from: old }', '"{{input.priority}}"'],
    ],
    [
      'results of earlier steps in a placeholder',
      file,
      action(
        `steps:\n  - { name: old, action: ticket.get, input: { id: "{{input.id}}" } }\n  - { action: case.create, input: { title: "{{${cursor}`,
      ),
      ['input.id', 'steps.old.name', 'steps.old.color'],
    ],
    [
      'the step that an action returns',
      file,
      action(
        `steps:\n  - { name: old, action: ticket.get, input: { id: "{{input.id}}" } }\nreturns: ${cursor}`,
      ),
      ['old'],
    ],
    ['operations to replace', file, `title: x\nreplaces: ${cursor}`, ['case.create', 'case.resolve']],
  ];
  for (const [what, at, text, expected] of places) {
    it(`completes ${what}`, async () => {
      const labels = (await complete(at, text)).map(({ label }) => label);
      expect(labels).to.include.members([...expected]);
    });
  }

  it('does not propose a key that the object has', async () => {
    const labels = (await complete(file, action(`request:\n  update: ticket\n  ${cursor}`))).map(
      ({ label }) => label,
    );
    expect(labels).not.to.include('update');
  });

  it('replaces the word that is typed', async () => {
    const items = await complete(file, action(`request:\n  update: tick${cursor}`));
    const { textEdit } = items.find(({ label }) => label === 'ticket')!;
    expect(textEdit).to.deep.equal({
      newText: 'ticket',
      range: { start: { line: 8, character: 10 }, end: { line: 8, character: 14 } },
    });
  });

  it('reports mistakes while they are typed, and offers the fix', async () => {
    const found = await diagnosticsOf(
      file,
      action('request: { update: tiket, id: "{{input.id}}", values: { color: "{{input.color}}" } }\n'),
    );
    const mistake = found.find(({ code }) => code === 'S102')!;
    expect(mistake.message).to.contain('there is no table "tiket"');
    const actions = await editor.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: uriOf(file) },
      range: mistake.range,
      context: { diagnostics: [mistake] },
    });
    expect(actions.map(({ edit }) => Object.values(edit!.changes!)[0]![0]!.newText)).to.include('ticket');
  });

  it('reports and fixes a file under the URI that the editor writes', async () => {
    const uri = uriOf(file).replace('ticket.paint', 'ticket%2Epaint');
    const text = action('request: { update: tiket, id: "{{input.id}}", values: { color: red } }\n');
    const textDocument = { uri, languageId: 'yaml', version: ++version, text };
    await editor.sendNotification('textDocument/didOpen', { textDocument });
    const mistake = (await waitForDiagnostics(uri)).find(({ code }) => code === 'S102')!;
    const actions = await editor.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: mistake.range,
      context: { diagnostics: [mistake] },
    });
    expect(Object.keys(actions[0]!.edit!.changes!)).to.deep.equal([uri]);
    await editor.sendNotification('textDocument/didClose', { textDocument: { uri } });
  });

  it('keeps working beside a document that is no file', async () => {
    const textDocument = {
      uri: 'untitled:Untitled-1',
      languageId: 'yaml',
      version: ++version,
      text: 'title: x',
    };
    await editor.sendNotification('textDocument/didOpen', { textDocument });
    const found = await diagnosticsOf(file, action('request: { update: tiket }\n'));
    expect(found.map(({ code }) => code)).to.include('M103');
  });

  it('explains keys, tables, columns, inputs and error codes', async () => {
    const hover = async (text: string) => {
      const found = await editor.sendRequest<Hover | null>('textDocument/hover', await open(file, text));
      return (found?.contents as { value: string } | undefined)?.value;
    };
    const update = 'request: { update: ticket, id: "{{input.id}}", values: { color: "{{input.color}}" } }\n';
    expect(await hover(action(update.replace('update', `up${cursor}date`)))).to.contain('never creates one');
    expect(await hover(action(update.replace('ticket', `tic${cursor}ket`)))).to.contain('new_ticket');
    expect(await hover(action(update.replace('color:', `co${cursor}lor:`)))).to.contain('red (1), green (2)');
    expect(await hover(action(update.replace('input.id', `input.i${cursor}d`)))).to.contain('`id`');
    const test = `${update}tests:\n  - { name: x, input: {}, fails: { code: INPUT_${cursor}INVALID } }\n`;
    expect(await hover(action(test))).to.contain('nothing was sent');
  });

  it('goes to the definition of a table, a column and an operation, also in the base', async () => {
    const define = async (text: string) =>
      await editor.sendRequest<Location>('textDocument/definition', await open(file, text));
    const table = await define(action(`request: { update: tic${cursor}ket }`));
    expect(table.uri).to.equal(uriOf('schemas/tables/ticket.yaml'));
    const column = await define(
      `title: x\ninput:\n  properties:\n    color: { $ref: ticket#co${cursor}lor }\n`,
    );
    expect([column.uri, column.range.start.line]).to.deep.equal([uriOf('schemas/tables/ticket.yaml'), 8]);
    const operation = await define(`title: x\nreplaces: case.re${cursor}solve\n`);
    expect(operation.uri).to.equal(uriOf('base/actions/case.resolve.yaml'));
  });
});
