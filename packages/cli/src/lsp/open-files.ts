import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The files that are open in an editor. They are kept by path: editors write the URI of the same file in different ways
 * (`+` or `%2B`, `c:` or `c%3A`).
 */
export class OpenFiles {
  /** The text of each open file, by path. */
  readonly texts = new Map<string, string>();
  readonly #uris = new Map<string, string>();
  /** Increases with each change of a text. */
  revision = 0;

  /** Sets or removes the text of a file; a document that is no file is ignored. */
  setText(uri: string, text: string | undefined): void {
    const path = pathOf(uri);
    if (path === undefined) return;
    this.#uris.set(path, uri);
    this.revision++;
    if (text === undefined) this.texts.delete(path);
    else this.texts.set(path, text);
  }

  textOf(uri: string): string | undefined {
    return this.texts.get(pathOf(uri) ?? '');
  }

  /** The URI of a path: as the editor writes it, if it has opened the file. */
  uriOf(path: string): string {
    return this.#uris.get(path) ?? pathToFileURL(path).href;
  }
}

/** The path of a file; undefined for a document that is none: one without a name, or a side of a comparison. */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
