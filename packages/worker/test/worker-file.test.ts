import { expect } from 'chai';
import { checkManifest } from 'dynamics365-connector';
import { createValidator, printDiagnostics } from 'dynamics365-connector/authoring';
import { checkWorkerFile, type WorkerFileContext } from '../src/config/check-worker-file.ts';

const validFile = `
connections:
  contoso: { saved: contoso }
  fabrikam: { env: FABRIKAM }
subscriptions:
  new-cases:
    connection: contoso
    trigger: case.created
    params: { priority: high }
    from: beginning
    every: 30s
    ignoreChangesBy: self
    deliver: { webhook: { url: "https://example.com/hook", secret: { env: HOOK } } }
    maxAttempts: 5
  lines: { connection: fabrikam, trigger: case.updated, deliver: { stdout: true } }
`;

describe('worker: checkWorkerFile', () => {
  let context: WorkerFileContext;
  before(async () => {
    const { definition } = await checkManifest();
    const env = { FABRIKAM_ORG_URL: 'https://fabrikam.crm.dynamics.com', HOOK: 'whsec_x' };
    context = { definition: definition!, validator: createValidator(), env };
  });
  const check = (text: string) => checkWorkerFile('worker.yaml', text, context);
  const printedDiagnostics = (text: string) =>
    check(text).diagnostics.map(
      ({ code, location: { line, column }, message }) => `${line}:${column} ${code} ${message}`,
    );

  it('accepts a valid file', () => {
    const { settings, diagnostics } = check(validFile);
    expect(diagnostics).to.deep.equal([]);
    expect(Object.keys(settings!.subscriptions)).to.deep.equal(['new-cases', 'lines']);
  });

  it('reports all invalid references with their positions', () => {
    const text = validFile
      .replace('connection: contoso', 'connection: contosso')
      .replace('case.created', 'case.creatd')
      .replace('from: beginning', 'from: "2026-13-45T00:00:00Z"')
      .replace('env: FABRIKAM', 'env: NOBODY')
      .replace('https://example.com/hook', 'http://example.com/hook')
      .replace('env: HOOK', 'env: UNSET');
    expect(printedDiagnostics(text)).to.deep.equal([
      '4:20 W105 the variable NOBODY_ORG_URL is not set',
      '7:17 W101 there is no connection "contosso"',
      '8:14 W102 there is no trigger "case.creatd"',
      '10:11 W104 this time does not exist',
      '13:32 W106 the URL must use https, or http on this machine, without user name and password',
      '13:74 W105 the variable UNSET is not set',
    ]);
    const printed = printDiagnostics(check(text).diagnostics);
    expect(printed).to.include('fix: did you mean "contoso"?').and.include('worker.yaml:8:14  error  W102');
  });

  it('reports push without a receiver, without its secret, and for a trigger of deadlines', () => {
    const pushed = validFile.replace('    maxAttempts: 5', '    maxAttempts: 5\n    push: true');
    expect(printedDiagnostics(pushed)).to.deep.equal([
      '15:11 W107 the file does not say where webhooks are received',
    ]);
    const receiver = '\npush: { url: "https://hooks.example.com/d365", secret: { env: PUSH } }\n';
    expect(printedDiagnostics(pushed + receiver)).to.deep.equal(['18:63 W105 the variable PUSH is not set']);
    const due = pushed.replace('case.created', 'case.sla-nearing').replace('priority: high', '');
    expect(printedDiagnostics(due)).to.include(
      '15:11 W107 the trigger reports deadlines, and no webhook tells that one has passed',
    );
  });

  it('checks params against the input of the trigger', () => {
    expect(
      printedDiagnostics(validFile.replace('priority: high', 'priority: huge, owner: 7')),
    ).to.have.members([
      '9:25 W103 must be one of: high, normal, low, a whole number or an object',
      '9:38 W103 unknown property "owner": did you mean "ownerId"?',
    ]);
  });

  it('reports an invalid structure with the codes of the manifest', () => {
    expect(
      printedDiagnostics(validFile.replace('stdout: true', 'stdout: true, handler: ./x.ts'))[0],
    ).to.match(/ M104 /);
    expect(printedDiagnostics(validFile.replace('maxAttempts', 'maxAtempts'))[0]).to.match(
      / M102 unknown property "maxAtempts"/,
    );
    expect(printedDiagnostics('connections: [')[0]).to.match(/ Y101 /);
    expect(printedDiagnostics(`${validFile}  lines: {}`)[0]).to.match(/ Y102 /);
  });
});
