import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConnectorError } from 'dynamics365-connector';
import {
  printDiagnostics,
  type ScaffoldKind,
  scaffoldConnector,
  scaffoldFile,
} from 'dynamics365-connector/authoring';
import { readManifest } from 'dynamics365-connector/node';
import { engineVersion } from '../engine-version.ts';
import { requireManifest } from '../require-manifest.ts';
import type { CommandContext } from './command-context.ts';

const kinds: readonly string[] = ['action', 'trigger', 'table'] satisfies ScaffoldKind[];

/** `d365 new connector|action|trigger|table <name>`: writes files that are valid at once. Nothing is overwritten. */
export default async function create({ terminal, args, options }: CommandContext): Promise<number> {
  const [kind = '', name = ''] = args;
  if (kind === 'connector') {
    await writeConnector(name);
    terminal.print(`${name}/  new`);
    terminal.printNote(`Next: cd ${name} && npm install`);
    return 0;
  }
  if (!isKind(kind)) {
    throw new ConnectorError('INPUT_INVALID', `There is no kind of file "${kind}".`, {
      advice: `Use connector, ${kinds.join(', ')}.`,
    });
  }
  const folder = requireManifest(options, '`d365 new`');
  const { packages, diagnostics: incomplete } = await readManifest(folder);
  const { file, text, diagnostics } = scaffoldFile(packages, kind, name);
  const errors = [...incomplete, ...diagnostics].filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    terminal.print(printDiagnostics(errors, terminal.json ? 'json' : 'text'));
    terminal.printNote(`${file} was not written`);
    return 1;
  }
  await writeNewFile(join(folder, file), text);
  terminal.print(`${join(folder, file)}  new`);
  return 0;
}

function isKind(kind: string): kind is ScaffoldKind {
  return kinds.includes(kind);
}

/** Writes a connector into a folder, which must be empty or missing; its name is that of the folder. */
async function writeConnector(folder: string): Promise<void> {
  const files = scaffoldConnector(basename(folder), engineVersion());
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (present.length > 0)
    throw new ConnectorError('SETTING_INVALID', `The folder ${folder} is not empty.`, {
      advice: 'Use another name; nothing is overwritten.',
    });
  for (const [file, text] of files) await writeNewFile(join(folder, file), text);
}

/** Refuses to replace a file, also one that was created a moment ago. */
async function writeNewFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new ConnectorError('SETTING_INVALID', `There is a file ${path} already.`, {
      advice: 'Use another name; nothing is overwritten.',
    });
  });
}
