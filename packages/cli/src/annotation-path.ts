import { relative, resolve, sep } from 'node:path';

/**
 * The path of a file in an annotation of GitHub: relative to the repository, which is the workspace of the job, or else the
 * working directory.
 *
 * @param folder the folder of the manifest; undefined for that of the package
 */
export function annotationPath(
  folder: string | undefined,
  file: string,
  repository = process.env.GITHUB_WORKSPACE || process.cwd(),
): string {
  if (folder === undefined) return file;
  return relative(repository, resolve(folder, file)).split(sep).join('/');
}
