import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { escapeXml } from 'dynamics365-connector/authoring';

const folder = join(import.meta.dirname, '../../../docs/pictures');

/** The size of a character of the font, and the space around the text. */
const cell = { width: 8, height: 18 };
const margin = 16;

/** Compares a screen with the picture `docs/pictures/<name>.svg`; `UPDATE_CAPTURES=1` draws it. */
export function expectPicture(name: string, screen: readonly string[], columns: number): void {
  const file = join(folder, `${name}.svg`);
  const svg = drawScreen(screen, columns);
  if (process.env.UPDATE_CAPTURES) writeFileSync(file, svg);
  expect(svg).to.equal(readFileSync(file, 'utf8'));
}

function drawScreen(screen: readonly string[], columns: number): string {
  const width = columns * cell.width + 2 * margin;
  const height = screen.length * cell.height + 2 * margin;
  const lines = screen.map((line, row) => {
    const y = margin + (row + 0.75) * cell.height;
    const style = line.startsWith('$ ') ? ' class="prompt"' : '';
    return `<text x="${margin}" y="${y}"${style}>${escapeXml(line)}</text>`;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img">`,
    '<style>text { font: 13px ui-monospace, monospace; fill: #d4d4d4; white-space: pre } .prompt { fill: #7ec699 }</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#1e1e1e"/>`,
    ...lines,
    '</svg>',
  ].join('\n')}\n`;
}
