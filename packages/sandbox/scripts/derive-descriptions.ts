import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Writes scripts/model/descriptions.json: the descriptions of tables and columns in the early-bound classes of
// Microsoft's samples (MIT): microsoft/PowerApps-Samples, dataverse/orgsvc/CSharp-NETCore/DataModel/Entities and
// Search/model/Entities.
// Usage: node packages/sandbox/scripts/derive-descriptions.ts <folder with account.cs, contact.cs, …>

const [, , folder] = process.argv;
if (!folder) throw new Error('Usage: derive-descriptions.ts <folder of early-bound classes>');

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const decode = (text: string): string =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');

/** The text of each `<summary>` and the lines up to the next one. */
function summaries(code: string): readonly (readonly [text: string, declaration: string])[] {
  return code
    .split('/// <summary>')
    .slice(1)
    .map((part) => {
      const [comment = '', declaration = ''] = part.split('/// </summary>');
      return [
        decode(
          comment
            .replace(/^\s*\/\/\/ ?/gm, '')
            .replace(/\s+/g, ' ')
            .trim(),
        ),
        declaration,
      ] as const;
    });
}

function readClass(code: string): Readonly<Record<string, string>> {
  const found = summaries(code).flatMap(([text, declaration]): readonly (readonly [string, string])[] => {
    if (text === '') return [];
    if (/\[Microsoft\.Xrm\.Sdk\.Client\.EntityLogicalNameAttribute\(/.test(declaration.slice(0, 400))) {
      return [['', text]];
    }
    const column = /^\s*\[Microsoft\.Xrm\.Sdk\.AttributeLogicalNameAttribute\("(\w+)"\)\]/.exec(
      declaration,
    )?.[1];
    const isRelationship = /^[^{]*RelationshipSchemaName/.test(declaration);
    return column === undefined || isRelationship ? [] : [[column, text]];
  });
  return Object.fromEntries(found);
}

const tables = readdirSync(folder)
  .filter((name) => name.endsWith('.cs'))
  .sort()
  .map((name) => [name.slice(0, -3), readClass(readFileSync(join(folder, name), 'utf8'))] as const);
const target = new URL('model/descriptions.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(Object.fromEntries(tables), undefined, 1)}\n`);
console.log(tables.map(([name, columns]) => `${name}: ${Object.keys(columns).length}`).join('\n'));
