import { realpath, rename, stat, writeFile } from 'node:fs/promises';
import { assertText } from '../validation/assert-options.ts';

/** Replaces a file as a whole: whoever reads it sees the old text or the new one, never a part. */
export async function replaceFileText(path: string, text: string): Promise<void> {
  assertText(path, 'The path of a file');
  assertText(text, 'The text of a file');
  const file = await realpath(path).catch(() => path);
  const mode = await stat(file).then(
    (found) => found.mode,
    () => undefined,
  );
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}
