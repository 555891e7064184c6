import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const folder = join(import.meta.dirname, 'captures');

/** Compares a screen with the file `captures/<name>.txt`; `UPDATE_CAPTURES=1` writes it. */
export function expectCapture(name: string, screen: readonly string[]): void {
  const file = join(folder, `${name}.txt`);
  const text = `${screen.join('\n').trimEnd()}\n`;
  if (process.env.UPDATE_CAPTURES) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).to.equal(readFileSync(file, 'utf8'));
}
