import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The notices that the licenses of the bundled libraries require: name, version and license text of each. */
export function collectThirdPartyNotices(root: string, bundled: readonly string[]): string {
  const names = bundled.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  const notices = [...new Set(names)].sort().map((name) => noticeOf(join(root, 'node_modules', name)));
  return ['This package contains parts of these libraries.', ...notices].join('\n\n---\n\n');
}

function noticeOf(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text =
    file === undefined ? [author?.name ?? author] : [readFileSync(join(folder, file), 'utf8').trim()];
  return [`${name} ${version} (${license})`, ...text].join('\n\n');
}
