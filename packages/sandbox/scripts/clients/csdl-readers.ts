import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ClientSuite, check } from './scenario.ts';
import type { SuiteContext } from './suite-context.ts';

interface CsdlReader {
  xml2json(xml: string, options: { readonly strict: boolean }): Readonly<Record<string, unknown>>;
}

/** Programs that read `$metadata`: the OASIS converter of CSDL in strict mode, and a generator of TypeScript. */
export async function csdlReadersSuite({ sandbox, folder, token }: SuiteContext): Promise<ClientSuite> {
  const url = `${sandbox.organization.origin}/api/data/v9.2/$metadata`;
  const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  const xml = await response.text();
  const require = createRequire(join(folder, 'package.json'));
  return {
    client: 'odata-csdl, odata2ts',
    scenarios: [
      {
        name: 'odata-csdl reads $metadata in strict mode',
        async run() {
          const { xml2json } = require('odata-csdl') as CsdlReader;
          const schema = xml2json(xml, { strict: true })['Microsoft.Dynamics.CRM'];
          check(typeof schema === 'object', 'a schema');
        },
      },
      {
        name: 'odata2ts writes the types of $metadata',
        maxMs: 600_000,
        run: () => generateTypes(folder, xml),
      },
    ],
  };
}

async function generateTypes(folder: string, xml: string): Promise<void> {
  const work = join(folder, 'odata2ts');
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'metadata.xml'), xml);
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'ES2022' } }));
  const program = join(folder, 'node_modules/@odata2ts/odata2ts/lib/run-cli.js');
  const options = ['-s', 'metadata.xml', '-o', 'types', '-m', 'models', '-e', 'ts'];
  await promisify(execFile)(process.execPath, [program, ...options], { cwd: work });
  const files = readdirSync(join(work, 'types'));
  check(files.includes('MicrosoftDynamicsCrmModel.ts'), 'a file with the types');
}
