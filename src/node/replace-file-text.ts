import { realpath, rename, stat, writeFile } from 'node:fs/promises';

/** Replaces a file as a whole: whoever reads it sees the old text or the new one, never a part. */
export async function replaceFileText(path: string, text: string): Promise<void> {
  const file = await realpath(path).catch(() => path);
  const mode = await stat(file).then(
    (found) => found.mode,
    () => undefined,
  );
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}
