import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the page on hosts', () => {
  for (const [block, file] of Object.entries({
    'own-host': 'examples/own-host.ts',
    temporal: 'examples/durable/temporal.ts',
    inngest: 'examples/durable/inngest.ts',
  })) {
    it(`shows ${file} as it is tested`, () => {
      const [, shown] = new RegExp(`^\`\`\`ts ${block}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(
        read('docs/hosts.md'),
      )!;
      expect(shown).to.equal(read(file).replace('../src/index.ts', 'dynamics365-connector'));
    });
  }
});
