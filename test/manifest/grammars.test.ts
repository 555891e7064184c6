import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type FileKind, grammars } from '../../src/manifest/grammar/index.ts';
import { readYaml } from '../../src/manifest/read/read-yaml.ts';
import type { JsonSchema } from '../../src/model/json.ts';
import { createValidator } from '../../src/validation/validator.ts';
import { realFiles, root } from './support/manifests.ts';

const validator = createValidator();
const readJson = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as JsonSchema;

describe('grammar', () => {
  for (const kind of Object.keys(grammars) as FileKind[]) {
    it(`of ${kind} files: schemas/manifest/${kind}.schema.json is up to date`, () => {
      const file = `schemas/manifest/${kind}.schema.json`;
      expect(readJson(file), 'run: node scripts/write-grammar.ts').to.deep.equal(
        JSON.parse(JSON.stringify(grammars[kind])),
      );
    });

    it(`of ${kind} files: has no anyOf, which gives unclear errors`, () => {
      expect(JSON.stringify(grammars[kind])).not.to.match(/"(anyOf|oneOf)"/);
    });

    it(`of ${kind} files: describes every top-level key`, () => {
      const properties = grammars[kind].properties as Readonly<
        Record<string, { description?: string; type?: string; $ref?: string }>
      >;
      const undescribed = Object.entries(properties).filter(
        ([, { description }]) => description === undefined,
      );
      expect(undescribed.map(([name]) => name)).to.deep.equal([]);
    });
  }

  const schemas = new Map<string, JsonSchema>();
  for (const [file, text] of realFiles()) {
    it(`is named in the first line of ${file} and accepts the file`, () => {
      const [, schema] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      expect(schema).to.be.a('string');
      const path = join(dirname(file), schema!);
      if (!schemas.has(path)) schemas.set(path, readJson(path));
      expect(validator.issues(schemas.get(path)!, readYaml(file, text).source?.data)).to.deep.equal([]);
    });
  }
});
