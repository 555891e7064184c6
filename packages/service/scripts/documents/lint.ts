import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Microsoft's schema of the file apiDefinition.swagger.json: Swagger 2.0 with the extensions of Power Platform. */
const microsoftSchema = {
  url: 'https://raw.githubusercontent.com/microsoft/PowerPlatformConnectors/8bff86eac6d04e939faee0de15298e911b118c21/schemas/apiDefinition.swagger.schema.json',
  sha256: 'd678672463a117b6038d600ff5f67bd0163980b1d3556111d4706f7994aae0ed',
};

interface RedoclyProblem {
  readonly severity: string;
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly { readonly pointer?: string }[];
}

/** What Redocly's recommended rules find: errors and warnings. `folder` has its package. */
export async function lintByRedocly(
  folder: string,
  name: string,
  source: string,
): Promise<readonly string[]> {
  const { createConfig, lintFromString } = await importFrom(folder, '@redocly/openapi-core/lib/index.js');
  const config = await createConfig({ extends: ['recommended'] });
  const problems: readonly RedoclyProblem[] = await lintFromString({
    ...{ source, config, absoluteRef: join(folder, name) },
  });
  return problems.map(
    ({ severity, ruleId, message, location }) =>
      `${severity} ${ruleId}: ${message} (${location[0]?.pointer ?? ''})`,
  );
}

/** What Microsoft's schema says against a document for Power Platform. The schema is downloaded once. */
export async function checkByMicrosoft(folder: string, document: unknown): Promise<readonly string[]> {
  const [{ default: Ajv }, { default: addFormats }, { parse }] = await Promise.all([
    importFrom(folder, 'ajv-draft-04/dist/index.js'),
    importFrom(folder, 'ajv-formats/dist/index.js'),
    importFrom(folder, 'jsonc-parser/lib/umd/main.js'),
  ]);
  const ajv = new Ajv.default({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  const validate = ajv.compile(parse(await readMicrosoftSchema(folder)));
  if (validate(document)) return [];
  return (validate.errors as readonly { readonly instancePath: string; readonly message: string }[]).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  );
}

async function readMicrosoftSchema(folder: string): Promise<string> {
  const file = join(folder, 'apiDefinition.swagger.schema.json');
  if (!existsSync(file)) {
    const response = await fetch(microsoftSchema.url).catch((error: Error) => error);
    if (response instanceof Error || !response.ok)
      throw new Error(`${microsoftSchema.url} cannot be downloaded. Without a network, save it as ${file}.`);
    writeFileSync(file, new Uint8Array(await response.arrayBuffer()));
  }
  const bytes = readFileSync(file);
  if (createHash('sha256').update(bytes).digest('hex') !== microsoftSchema.sha256)
    throw new Error(`${file} is not the version that was checked: delete it.`);
  return bytes.toString();
}

/** Imports a file of a package that is installed in `folder` only. Its types are not known here. */
// biome-ignore lint/suspicious/noExplicitAny: the package is no dependency of this repo
export async function importFrom(folder: string, path: string): Promise<any> {
  return await import(pathToFileURL(join(folder, 'node_modules', path)).href);
}
