/**
 * Runs foreign clients unchanged against the sandbox: `npm run test:clients`. They are installed from npm once. Prints
 * each scenario, for a failed one the refused request and its answer, and at last `N passed, N failed`. Exit code 2:
 * the clients could not be installed, so nothing was tested.
 */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { installOnce } from '../../../scripts/support/install-once.ts';
import { createSandbox } from '../src/index.ts';
import { createCertificate } from './clients/certificate.ts';
import { csdlReadersSuite } from './clients/csdl-readers.ts';
import { dataverseWebApiSuite } from './clients/dataverse-webapi.ts';
import { dynamicsWebApiSuite } from './clients/dynamics-web-api.ts';
import { startGateway } from './clients/gateway.ts';
import { mcpDataverseSuite } from './clients/mcp-dataverse.ts';
import { n8nSuite } from './clients/n8n-nodes.ts';
import { type ClientSuite, runSuite, type ScenarioResult } from './clients/scenario.ts';
import { prepareOrganization, type SuiteContext } from './clients/suite-context.ts';

const install = {
  name: 'clients',
  packages: [
    'dynamics-web-api@2.5.0',
    'dataverse-webapi@3.3.0',
    'mcp-dataverse@0.7.8',
    // mcp-dataverse imports it without declaring it.
    '@modelcontextprotocol/ext-apps@2.0.4',
    'odata-csdl@0.11.2',
    '@odata2ts/odata2ts@0.34.0',
    // odata2ts needs the API of TypeScript 5, which it does not pin.
    'typescript@5.9.3',
  ],
  expectedCost: 'half a minute, 150 MB',
};

const suites: readonly ((context: SuiteContext) => ClientSuite | Promise<ClientSuite>)[] = [
  dynamicsWebApiSuite,
  dataverseWebApiSuite,
  mcpDataverseSuite,
  n8nSuite,
  csdlReadersSuite,
];

const folder = installClients();
const certificate = createCertificate();
const results: ScenarioResult[] = [];
for (const createSuite of suites) results.push(...(await testClient(createSuite)));
rmSync(dirname(certificate.certFile), { recursive: true });
const failed = results.filter(({ problem }) => problem !== undefined).length;
process.stdout.write(`\n${results.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

function installClients(): string {
  try {
    return installOnce(install);
  } catch (error) {
    process.stderr.write(`The clients could not be installed: ${(error as Error).message}\n`);
    process.exit(2);
  }
}

/** Each client gets a sandbox of its own. */
async function testClient(
  createSuite: (context: SuiteContext) => ClientSuite | Promise<ClientSuite>,
): Promise<readonly ScenarioResult[]> {
  const sandbox = await createSandbox();
  const { organization, users } = sandbox;
  const gateway = await startGateway(organization.origin, certificate);
  // mcp-dataverse refuses to act for a system administrator.
  if (users[1] !== undefined) organization.setRoles(users[1], ['Customer Service Representative']);
  const [userId, otherUserId] = users.map((user) => organization.findSystemUserId(user) ?? '');
  const suite = await createSuite({
    sandbox,
    gateway,
    certificate,
    folder,
    token: sandbox.issueToken(),
    userId: userId ?? '',
    otherUserId: otherUserId ?? '',
    rows: await prepareOrganization(sandbox),
  });
  const suiteResults = await runSuite(suite, gateway);
  printSuite(suite, suiteResults);
  await suite.close?.();
  await gateway.close();
  await sandbox.close();
  return suiteResults;
}

function printSuite({ client }: ClientSuite, suiteResults: readonly ScenarioResult[]): void {
  process.stdout.write(`\n${client}\n`);
  const width = Math.max(...suiteResults.map(({ name }) => name.length));
  for (const { name, problem, refused } of suiteResults) {
    process.stdout.write(`  ${name.padEnd(width)}  ${problem === undefined ? 'ok' : 'FAILED'}\n`);
    if (problem !== undefined) printLine(problem);
    if (refused) {
      printLine(`${refused.method} ${refused.target} ${refused.requestBody}`);
      printLine(`${refused.status} ${refused.responseBody}`);
    }
  }
}

function printLine(text: string): void {
  const oneLine = text.replaceAll(/\s+/g, ' ').trim();
  process.stdout.write(`      ${oneLine.length > 400 ? `${oneLine.slice(0, 400)} ...` : oneLine}\n`);
}
