import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type ConnectorDefinition, ConnectorError } from 'dynamics365-connector';
import { precompile } from 'dynamics365-connector/authoring';

/** Our package for n8n, which has the engine and the nodes. */
const templateName = 'n8n-nodes-dynamics365-customer-service';
/** The title of its nodes, which is replaced by that of the connector. */
const templateTitle = 'Dynamics 365 Customer Service';

/** The fields of package.json that are those of the author, if the folder of the manifest has a package.json. */
const authorFields = ['author', 'license', 'homepage', 'repository', 'bugs'];

type PackageJson = Readonly<Record<string, unknown>>;

/**
 * Writes a package for n8n: that of this connector, which must be installed, with another definition and its checks.
 * Returns its name and version.
 *
 * @throws SETTING_INVALID if our package is not there or is of another version, or if the folder has other files
 */
export function writeN8nPackage(
  definition: ConnectorDefinition,
  { manifest, out, engine }: { readonly manifest: string; readonly out: string; readonly engine: string },
): string {
  const template = findTemplate(manifest, engine);
  const name = `n8n-nodes-${definition.id}`;
  prepareFolder(out, name);
  for (const part of ['dist', 'LICENSE', 'THIRD-PARTY-NOTICES.txt']) {
    if (existsSync(join(template, part))) cpSync(join(template, part), join(out, part), { recursive: true });
  }
  // Its package.json says already that it is CommonJS, and n8n's scanner takes a second one for another package.
  rmSync(join(out, 'dist/package.json'), { force: true });
  const compiled = precompile(definition, './check-runtime.js');
  writeFileSync(join(out, 'dist/entry/definition.json'), JSON.stringify(compiled.definition));
  writeFileSync(join(out, 'dist/entry/checks.js'), compiled.checks);
  const described = toPackageJson(readJson(join(template, 'package.json')), { definition, name, manifest });
  for (const file of (described.n8n as { readonly nodes: readonly string[] }).nodes)
    writeFileSync(join(out, file), retitle(readFileSync(join(out, file), 'utf8'), definition.title));
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  writeFileSync(join(out, 'README.md'), toReadme(name, definition));
  return `${name} ${definition.version}`;
}

/** The installed package: beside the manifest, or beside this command. */
function findTemplate(manifest: string, engine: string): string {
  const resolvers = [createRequire(join(resolve(manifest), 'package.json')), createRequire(import.meta.url)];
  const advice = `npm install --save-dev ${templateName}@${engine}`;
  for (const { resolve: find } of resolvers) {
    const file = tryFind(find, `${templateName}/package.json`);
    if (file === undefined) continue;
    const { version } = readJson(file);
    const folder = join(file, '..');
    if (version === engine && existsSync(join(folder, 'dist/entry/definition.json'))) return folder;
    const message = `${templateName} is version ${version}, or is not built; this is ${engine}.`;
    throw new ConnectorError('SETTING_INVALID', message, { advice });
  }
  throw new ConnectorError('SETTING_INVALID', `${templateName} is not installed: it has the nodes.`, {
    advice,
  });
}

function tryFind(find: (name: string) => string, name: string): string | undefined {
  try {
    return find(name);
  } catch {
    return undefined;
  }
}

/** Empties a folder that an earlier build of the same package wrote; any other folder must be empty. */
function prepareFolder(out: string, name: string): void {
  mkdirSync(out, { recursive: true });
  const entries = readdirSync(out);
  if (entries.length === 0) return;
  if (!entries.includes('package.json') || readJson(join(out, 'package.json')).name !== name) {
    const message = `${out} has files of something else.`;
    throw new ConnectorError('SETTING_INVALID', message, { advice: 'Use --out with an empty folder.' });
  }
  for (const entry of ['dist', 'README.md', 'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'package.json'])
    rmSync(join(out, entry), { recursive: true, force: true });
}

function toPackageJson(
  template: PackageJson,
  { definition, name, manifest }: { definition: ConnectorDefinition; name: string; manifest: string },
): PackageJson {
  const { version, description } = definition;
  const { engines, keywords, n8n, peerDependencies, peerDependenciesMeta } = template;
  const file = join(manifest, 'package.json');
  const own = existsSync(file) ? readJson(file) : {};
  const author = Object.fromEntries(Object.entries(own).filter(([field]) => authorFields.includes(field)));
  return {
    ...{ name, version, description, license: 'UNLICENSED' },
    ...author,
    ...{ engines, keywords, files: ['dist', 'THIRD-PARTY-NOTICES.txt'] },
    ...{ n8n, peerDependencies, peerDependenciesMeta },
  };
}

function retitle(code: string, title: string): string {
  const text = JSON.stringify(templateTitle).slice(1, -1);
  return code.replaceAll(text, JSON.stringify(title).slice(1, -1));
}

function toReadme(name: string, { title, description, bases = [] }: ConnectorDefinition): string {
  const names = bases.map(({ id, version }) => `${id} ${version}`).join(', ');
  return `# ${name}\n\n${title} for n8n. ${description}\n\nGenerated by \`d365 build --for n8n\`${names && `, from ${names}`}.\n`;
}

function readJson(file: string): PackageJson {
  return JSON.parse(readFileSync(file, 'utf8')) as PackageJson;
}
