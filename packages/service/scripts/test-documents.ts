/**
 * Holds the documents of the service against programs of others: `npm run test:documents`. Redocly's recommended rules
 * and Microsoft's schema for custom connectors lint them; a client that openapi-typescript generates is compiled with
 * the first contract test of every action that has one (of a template: for one table), and runs it over HTTP; each
 * answer is held against the document.
 * Prints `N passed, N failed` at last. The packages are installed from npm once, the schema is downloaded once.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type JsonObject, loadConnector } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { installOnce } from '../../../scripts/support/install-once.ts';
import { runCommand } from '../../../scripts/support/run-command.ts';
import { createDocumentChecks } from '../test/document-checks.ts';
import { openService } from '../test/fixture.ts';
import { firstTestOf, startScriptedService } from '../test/scripted-service.ts';
import { checkByMicrosoft, importFrom, lintByRedocly } from './documents/lint.ts';
import { type TypedCall, writeTypedCalls } from './documents/typed-calls.ts';

const folder = installOnce({
  name: 'documents',
  packages: [
    'openapi-typescript@7.13.0',
    'openapi-fetch@0.17.0',
    // openapi-typescript needs the API of TypeScript 5.
    'typescript@5.9.3',
    '@redocly/openapi-core@1.34.24',
    ...['ajv@8.20.0', 'ajv-draft-04@1.0.0', 'ajv-formats@3.0.1', 'jsonc-parser@3.3.1'],
  ],
  expectedCost: '10 seconds, 50 MB',
});
const clientConfig = {
  compilerOptions: {
    ...{ strict: true, noEmit: true, target: 'es2022', module: 'nodenext' },
    ...{ lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
  },
  files: ['globals.d.ts', 'calls.ts'],
};
const connector = await loadConnector();
const { actions } = runtimeOf(connector).definition;
let failed = 0;
let passed = 0;

await lintDocuments();
await driveTypedClient();
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function report(name: string, problems: readonly string[]): void {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${name}\n`);
  for (const problem of problems.slice(0, 10)) process.stdout.write(`        ${problem}\n`);
}

function toProblems(error: Error): readonly string[] {
  return [error.message];
}

/** The documents of all operations, of a connection, and for Power Platform, from an organization with own columns. */
async function lintDocuments(): Promise<void> {
  const fixture = await openService({ sandbox: { organizations: [{ name: 'contoso' }] } });
  const base = '/v1/connections/contoso';
  const paths = {
    'openapi.json': '/openapi.json',
    'openapi.json of a connection': `${base}/openapi.json`,
    'openapi.json of two actions': `${base}/openapi.json?actions=case.get,case.list`,
    'swagger.json of cases': `${base}/swagger.json?actions=case.*`,
    'swagger.json of seven tables': `${base}/swagger.json?actions=account.*,contact.*,case.*,task.*,lead.*,note.*,record.*`,
  };
  for (const [name, path] of Object.entries(paths)) {
    const { text, body, status } = await fixture.call(path);
    report(`${name} is made`, status === 200 ? [] : [text]);
    if (status !== 200) continue;
    report(`${name}: Redocly, recommended rules`, await lintByRedocly(folder, `${name}.json`, text));
    if (name.startsWith('swagger'))
      report(`${name}: Microsoft's schema`, await checkByMicrosoft(folder, body).catch(toProblems));
  }
  await fixture.close();
}

interface ClientAnswer {
  readonly response: Response;
  readonly data?: JsonObject;
  readonly error?: JsonObject;
}

async function driveTypedClient(): Promise<void> {
  const service = await startScriptedService(connector);
  const document = await (await fetch(`${service.url}/openapi.json`)).json();
  const typed = Object.values(actions).flatMap((action): readonly TypedCall[] => {
    const test = firstTestOf(action);
    return test === undefined ? [] : [{ action, test }];
  });
  await generateClient(document, typed);
  process.env.SERVICE_URL = service.url;
  const { calls } = (await import(pathToFileURL(join(folder, 'calls.ts')).href)) as {
    readonly calls: Readonly<Record<string, () => Promise<ClientAnswer>>>;
  };
  const checks = createDocumentChecks(document as Parameters<typeof createDocumentChecks>[0]);
  for (const { action, test } of typed) {
    const script = service.play(test);
    const { response, data, error } = (await calls[action.id]?.()) ?? {};
    const answer = { status: response?.status ?? 0, body: data ?? error ?? {} };
    const wrongAnswer = checks.answer(`/v1/connections/{connection}/actions/${action.id}`, answer);
    const expected = test.fails?.code ?? 200;
    const found = error?.code ?? answer.status;
    report(`${action.id}: ${test.name}`, [
      ...script.failures().map(({ message }) => message),
      ...(wrongAnswer === undefined ? [] : [wrongAnswer]),
      ...(found === expected ? [] : [`${found} instead of ${expected}`]),
    ]);
  }
  service.close();
}

/** Writes the types of the document and the program of the calls, and compiles both. */
async function generateClient(document: unknown, typed: readonly TypedCall[]): Promise<void> {
  const { default: openapiTS, astToString } = await importFrom(folder, 'openapi-typescript/dist/index.mjs');
  writeFileSync(join(folder, 'api.d.ts'), astToString(await openapiTS(document)));
  writeFileSync(join(folder, 'calls.ts'), writeTypedCalls(typed));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(clientConfig));
  const declarations = 'declare const process: { env: Record<string, string | undefined> };\n';
  writeFileSync(join(folder, 'globals.d.ts'), declarations);
  const compiler = join(folder, 'node_modules/typescript/bin/tsc');
  try {
    runCommand(process.execPath, [compiler], folder);
    report('the generated client compiles with every input', []);
  } catch (error) {
    report('the generated client compiles with every input', [String(error)]);
  }
}
